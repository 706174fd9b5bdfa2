"""Which trace a request belongs to (W3C Trace Context), and its spans."""
import contextlib
import contextvars
import os
import random
import re
import time

import otlp

# Version 00 is 55 characters long, a later one may go on; ff is none, and an id of zeros is invalid. As in nginx.conf.
_TRACEPARENT = re.compile(
    r"(?!ff|00.{54})[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(-.*)?"
)
# What nginx calls each request, for those that come without a trace.
_REQUEST_ID = re.compile(r"(?!0{32})[0-9a-f]{32}")

_SAMPLER = os.environ.get("OTEL_TRACES_SAMPLER") or "parentbased_always_on"
_RATIO = {"always_off": 0.0, "traceidratio": float(os.environ.get("OTEL_TRACES_SAMPLER_ARG") or 1)}.get(
    _SAMPLER.removeprefix("parentbased_"), 1.0
)

SERVER, CLIENT, _ERROR = 2, 3, 2
_current = contextvars.ContextVar("span", default=None)


class Span:
    """Something with a beginning and an end. One that is not recorded still has ids, for the log, and never ends."""

    def __init__(self, trace_id, parent_id, recorded, name="", kind=SERVER):
        self.trace_id = trace_id
        self.span_id = _new_id(64)
        self.parent_id = parent_id
        self.recorded = recorded
        self.name = name
        self.kind = kind
        self.attributes = {}
        self.error = None
        self.began = time.time_ns()
        self.ended = None

    def fail(self, kind, message):
        self.attributes["error.type"] = kind
        self.error = message or ""

    def end(self):
        self.ended = time.time_ns()
        _spans.put(self)


def begin(environ, measured):
    """The span of a request, by its WSGI environment; `span` adds to it until `leave`. Recorded only if `measured`."""
    parent = _TRACEPARENT.fullmatch(environ.get("HTTP_TRACEPARENT", ""))
    if parent:
        trace_id, parent_id = parent["trace"], parent["span"]
        sampled = bool(int(parent["flags"], 16) & 1) if _SAMPLER.startswith("parentbased_") else _is_chosen(trace_id)
    else:
        request_id = environ.get("HTTP_X_REQUEST_ID", "")
        trace_id = request_id if _REQUEST_ID.fullmatch(request_id) else _new_id(128)
        parent_id, sampled = None, _is_chosen(trace_id)
    span = Span(trace_id, parent_id, measured and sampled and _spans is not None)
    _current.set(span)
    return span


def leave():
    """The thread goes on to another request."""
    _current.set(None)


@contextlib.contextmanager
def span(name, **attributes):
    """A call to a store, within the request that makes it; `db_system_name` is written db.system.name."""
    parent = _current.get()
    if parent is None or not parent.recorded:
        yield
        return
    child = Span(parent.trace_id, parent.span_id, True, name, CLIENT)
    child.attributes = {key.replace("_", "."): value for key, value in attributes.items()}
    try:
        yield
    except Exception as error:
        child.fail(type(error).__name__, str(error))
        raise
    finally:
        child.end()


def _is_chosen(trace_id):
    return int(trace_id[16:], 16) < _RATIO * 2**64


def _new_id(bits):
    return f"{random.getrandbits(bits) or 1:0{bits // 4}x}"


def _encoded(one):
    encoded = {
        "traceId": one.trace_id,
        "spanId": one.span_id,
        "name": one.name,
        "kind": one.kind,
        "startTimeUnixNano": str(one.began),
        "endTimeUnixNano": str(one.ended),
        "attributes": otlp.attributes(one.attributes),
    }
    if one.parent_id:
        encoded["parentSpanId"] = one.parent_id
    if one.error is not None:
        encoded["status"] = {"code": _ERROR, "message": one.error}
    return encoded


def _wrap(spans):
    scope = {"scope": {"name": "techshop"}, "spans": [_encoded(one) for one in spans]}
    return {"resourceSpans": [{"resource": otlp.resource(), "scopeSpans": [scope]}]}


_spans = otlp.batches("traces", _wrap)
