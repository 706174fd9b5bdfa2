"""What can be made worse at run time: the payment failure rate, and added latency. Both revert by themselves
when a time to live was given, so that a dead orchestrator leaves nothing behind."""
import os
import threading
import time

from prometheus_client import Gauge

_DEFAULT = {
    # One order in a thousand: under every alert's threshold, over any window.
    "payment_failure_rate": float(os.environ.get("PAYMENT_FAILURE_RATE", "0.001")),
    "added_latency_seconds": 0.0,
    "endpoints": [],
}
_lock = threading.Lock()
_current = dict(_DEFAULT)
_before = None
_expires = None

_RATE = Gauge("chaos_switch_payment_failure_rate", "Share of orders whose payment is made to fail")
_LATENCY = Gauge("chaos_switch_added_latency_seconds", "Latency added to requests")
_RATE.set_function(lambda: payment_failure_rate())
_LATENCY.set_function(lambda: current()["added_latency_seconds"])


def current():
    """The switches in force."""
    global _current, _before, _expires
    with _lock:
        if _expires is not None and time.monotonic() >= _expires:
            _current, _before, _expires = _before, None, None
        return dict(_current)


def payment_failure_rate():
    return current()["payment_failure_rate"]


def added_latency(endpoint):
    """Seconds to add for an endpoint; an empty list of endpoints means all."""
    switches = current()
    return switches["added_latency_seconds"] if not switches["endpoints"] or endpoint in switches["endpoints"] else 0.0


def change(wanted):
    """Sets what is named in `wanted` and leaves the rest. Raises ValueError with a sentence for a bad value."""
    global _current, _before, _expires
    unknown = set(wanted) - set(_DEFAULT) - {"ttl_seconds"}
    if unknown:
        raise ValueError(f"unknown switch: {', '.join(sorted(unknown))}")
    _number(wanted, "payment_failure_rate", 0, 1)
    _number(wanted, "added_latency_seconds", 0, 30)
    _number(wanted, "ttl_seconds", 0.001, 86_400)
    endpoints = wanted.get("endpoints", [])
    if not isinstance(endpoints, list) or not all(isinstance(one, str) for one in endpoints):
        raise ValueError("endpoints must be a list of paths")
    now = current()
    with _lock:
        ttl = wanted.get("ttl_seconds")
        # A second change under way reverts to what was before the first one.
        _before = (_before or now) if ttl else None
        _expires = time.monotonic() + ttl if ttl else None
        _current = {**now, **{name: value for name, value in wanted.items() if name != "ttl_seconds"}}
    return current()


def _number(wanted, name, least, most):
    value = wanted.get(name, least)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least} to {most}")
