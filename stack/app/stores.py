"""PostgreSQL for products and orders, Redis for carts. Both may be away; then StoreDown says so, within seconds."""
import contextlib
import os
import select
import threading
import time
import uuid

import psycopg2
import psycopg2.extensions
import redis
from psycopg2.pool import PoolError, ThreadedConnectionPool

import tracing

CART_TTL_SECONDS = 3600
ORDERS_KEPT = 10_000
POOL_SIZE = 20
# How long a request waits for a free connection before it gives up, in seconds.
POOL_WAIT_SECONDS = 2
# How long a connection is used before another takes its place, in seconds. One that is made anew for every request
# costs more than its query; one that is kept for ever outlives a failover, and never feels that the database is full.
LIFETIME_SECONDS = 2


class StoreDown(Exception):
    """A store did not answer."""


class _Connection(psycopg2.extensions.connection):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._born = time.monotonic()

    def is_spent(self):
        """Grown old, or closed by the server: one that waits in the pool is told nothing else."""
        closed, _, _ = select.select([self], [], [], 0)
        return bool(closed) or time.monotonic() - self._born > LIFETIME_SECONDS


_slots = threading.BoundedSemaphore(POOL_SIZE)
_pool = None
_pool_lock = threading.Lock()
_redis = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_connect_timeout=2, socket_timeout=2, health_check_interval=30
)


def _connections():
    global _pool
    with _pool_lock:
        if _pool is None:
            _pool = ThreadedConnectionPool(
                0, POOL_SIZE, os.environ["DATABASE_URL"], connect_timeout=2, application_name="api",
                options="-c statement_timeout=5000", connection_factory=_Connection,
            )
            # As an argument it would be how many are opened at once; the pool keeps as many as it says now.
            _pool.minconn = POOL_SIZE
        return _pool


def _take(pool):
    """A connection out of the pool, or a new one, in place of those that are spent."""
    while (connection := pool.getconn()).is_spent():
        pool.putconn(connection, close=True)
    return connection


@contextlib.contextmanager
def _database(operation, table):
    """What an operation on a table is carried out with; its span has the wait for a connection in it."""
    with tracing.span(
        f"{operation} {table}", db_system_name="postgresql", db_operation_name=operation, db_collection_name=table
    ), _transaction() as cursor:
        yield cursor


@contextlib.contextmanager
def _transaction():
    """A connection in a transaction. One that broke is thrown away, so the next request gets a new one."""
    if not _slots.acquire(timeout=POOL_WAIT_SECONDS):
        raise StoreDown("no free database connection")
    try:
        pool = _connections()
        try:
            connection = _take(pool)
        except (psycopg2.Error, PoolError) as error:
            raise StoreDown(f"database: {error}") from error
        broken = True
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
            broken = False
        except psycopg2.Error as error:
            raise StoreDown(f"database: {error}") from error
        finally:
            pool.putconn(connection, close=broken)
    finally:
        _slots.release()


def products():
    with _database("SELECT", "products") as cursor:
        cursor.execute("SELECT id, name, price FROM products ORDER BY id")
        return [{"id": id_, "name": name, "price": float(price)} for id_, name, price in cursor.fetchall()]


def save_order(amount):
    with _database("INSERT", "orders") as cursor:
        cursor.execute("INSERT INTO orders (amount) VALUES (%s) RETURNING id", (amount,))
        order_id = cursor.fetchone()[0]
        # Now and then, so that a long game day does not fill the disk.
        if order_id % 1000 == 0:
            cursor.execute("DELETE FROM orders WHERE id <= %s", (order_id - ORDERS_KEPT,))
        return order_id


def save_cart(value):
    cart_id = uuid.uuid4().hex
    try:
        with tracing.span("SET", db_system_name="redis", db_operation_name="SET"):
            _redis.set(f"cart:{cart_id}", value, ex=CART_TTL_SECONDS)
    except redis.RedisError as error:
        raise StoreDown(f"cache: {error}") from error
    return cart_id
