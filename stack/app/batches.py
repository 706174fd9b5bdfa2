"""Hands things on in batches from a thread of its own, so that no request waits for whoever takes them.

Not Python's logging: its handlers write under a lock, and a write gives up the interpreter, so that under load every
request would queue for a line of its own.
"""
import atexit
import collections
import threading
import time

from prometheus_client import Counter

DROPPED = Counter("telemetry_dropped_total", "Log lines and spans given up", ["signal", "reason"])
# A batch is encoded in one go, during which no other thread runs: this many take a few milliseconds.
SIZE = 256


class Batches:
    """Takes in anything without ever waiting; what finds no room is dropped and counted."""

    def __init__(self, signal, deliver, seconds, room=8192):
        """`deliver` is given a list, every `seconds`; what it raises costs that batch."""
        self._items = collections.deque()
        self._room = room
        self._deliver = deliver
        self._seconds = seconds
        self._delivering = threading.Lock()
        self._full = DROPPED.labels(signal, "queue_full")
        self._failed = DROPPED.labels(signal, "not_delivered")
        threading.Thread(target=self._run, daemon=True).start()
        atexit.register(self.flush)

    def put(self, item):
        if len(self._items) >= self._room:
            self._full.inc()
        else:
            self._items.append(item)

    def flush(self):
        """Delivers what is there. A batch that fails ends it: the next would only wait for the same time-out."""
        with self._delivering:
            while self._items:
                batch = [self._items.popleft() for _ in range(min(SIZE, len(self._items)))]
                try:
                    self._deliver(batch)
                except Exception:
                    self._failed.inc(len(batch))
                    return

    def _run(self):
        while True:
            time.sleep(self._seconds)
            self.flush()
