"""The TechShop API: a catalogue in PostgreSQL, carts in Redis, and latencies that can be counted on.

Business endpoints are measured; /health and /metrics are not, so that scrapes and probes do not dilute the SLIs.
"""
import random
import time
import traceback

from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

import request_log
import stores
import switches
import tracing

app = Flask(__name__)

REQUESTS = Counter("http_requests_total", "HTTP requests answered", ["method", "endpoint", "status"])
LATENCY = Histogram(
    "http_request_duration_seconds",
    "Time from request to answer",
    ["method", "endpoint"],
    # 0.3 is the latency objective: without a bucket at it, the SLI cannot be computed.
    buckets=[0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1.0, 2.5, 5.0],
)
ACTIVE = Gauge("http_requests_active", "Requests being worked on")
ORDERS = Counter("orders_total", "Orders by outcome", ["status"])
CART_VALUE = Histogram("cart_value_euros", "Value of carts", buckets=[10, 25, 50, 100, 200, 500, 1000])

UNMEASURED = {"/health", "/metrics"}
ENDPOINTS = [("GET", "/api/products"), ("POST", "/api/cart"), ("POST", "/api/order"), ("GET", "/api/slow")]

# A counter that appears only with its first failure has no rate for that failure, so all start at 0.
for method, endpoint in ENDPOINTS:
    REQUESTS.labels(method, endpoint, "200")
    REQUESTS.labels(method, endpoint, "500")
    LATENCY.labels(method, endpoint)
for outcome in ("success", "failed"):
    ORDERS.labels(outcome)


@app.before_request
def begin():
    g.began = time.perf_counter()
    g.measured = measured = request.path not in UNMEASURED
    g.span = tracing.begin(request.environ, measured)
    if measured:
        ACTIVE.inc()


@app.after_request
def end(response):
    seconds = time.perf_counter() - g.began
    # The route's rule, never the raw path: a scan for random paths must not make a series each.
    endpoint = request.url_rule.rule if request.url_rule else "unmatched"
    method, status, span, measured = request.method, response.status_code, g.span, g.measured
    if measured:
        REQUESTS.labels(method, endpoint, status).inc()
        LATENCY.labels(method, endpoint).observe(seconds)
    error = g.get("error")
    if measured or status >= 400:
        request_log.write(span, method, endpoint, status, seconds, error, g.get("stack"))
    if span.recorded:
        span.name = f"{method} {endpoint}"
        span.attributes = {"http.request.method": method, "http.route": endpoint, "http.response.status_code": status}
        if status >= 500:
            span.fail(str(status), error)
        span.end()
    response.headers["x-trace-id"] = span.trace_id
    return response


@app.teardown_request
def leave(_error):
    # Here and not in after_request, so that the gauge comes down whatever happened.
    if g.get("measured"):
        ACTIVE.dec()
    tracing.leave()


def remember(exc_info):
    """In place of Flask's own, whose lines are no JSON: it goes into the request's line."""
    g.error = f"{exc_info[0].__name__}: {exc_info[1]}"
    g.stack = "".join(traceback.format_exception(*exc_info))


app.log_exception = remember


@app.errorhandler(stores.StoreDown)
def store_down(error):
    g.error = str(error)
    return jsonify(error=str(error)), 503


def work(shortest, longest):
    """The endpoint's own latency in seconds, and what was added to it by the switches."""
    time.sleep(random.uniform(shortest, longest) + switches.added_latency(request.url_rule.rule))


@app.get("/health")
def health():
    return jsonify(status="healthy")


@app.get("/api/products")
def products():
    work(0.01, 0.1)
    return jsonify(products=stores.products())


@app.post("/api/cart")
def cart():
    work(0.02, 0.15)
    value = round(random.uniform(10, 500), 2)
    cart_id = stores.save_cart(value)
    CART_VALUE.observe(value)
    return jsonify(status="added", cart=cart_id, cart_value=value)


@app.post("/api/order")
def order():
    work(0.05, 0.3)
    if random.random() < switches.payment_failure_rate():
        ORDERS.labels("failed").inc()
        g.error = "Payment failed"
        return jsonify(error=g.error), 500
    try:
        order_id = stores.save_order(round(random.uniform(10, 500), 2))
    except stores.StoreDown:
        ORDERS.labels("failed").inc()
        raise
    ORDERS.labels("success").inc()
    return jsonify(order_id=order_id)


@app.get("/api/slow")
def slow():
    work(1, 3)
    return jsonify(status="slow response")


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
