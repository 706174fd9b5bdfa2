"""The log: one JSON object a line on stdout, for each request; the same lines to a collector where one is set."""
import datetime
import json
import sys
import time

import otlp
from batches import Batches

# OpenTelemetry's numbers for the levels.
_SEVERITY = {"INFO": 9, "WARN": 13, "ERROR": 17}
# Docker splits a line at 16 KiB, and half of one is no JSON.
_MOST_CHARACTERS = 6000


def write(span, method, endpoint, status, seconds, error=None, stack=None):
    """
    Logs a request that was answered.
    :param endpoint: the route's rule, never the raw path
    :param error: why it failed, where that is known
    :param stack: of an exception that nobody expected
    """
    item = (time.time_ns(), span.trace_id, span.span_id, method, endpoint, status, seconds, error, stack)
    _lines.put(item)
    if _records is not None:
        _records.put(item)


def _fields(item):
    at, trace_id, span_id, method, endpoint, status, seconds, error, stack = item
    moment = datetime.datetime.fromtimestamp(at / 1e9, datetime.timezone.utc)
    fields = {
        "timestamp": f"{moment:%Y-%m-%dT%H:%M:%S}.{at // 1_000_000 % 1000:03d}Z",
        "level": "ERROR" if status >= 500 else "WARN" if status >= 400 else "INFO",
        "message": f"{method} {endpoint} {status}",
        "method": method,
        "endpoint": endpoint,
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "trace_id": trace_id,
        "span_id": span_id,
    }
    if error is not None:
        fields["error"] = error[:_MOST_CHARACTERS]
    if stack is not None:
        fields["stack"] = stack[-_MOST_CHARACTERS:]
    return fields


def _print(items):
    sys.stdout.buffer.write("".join(f"{json.dumps(_fields(item))}\n" for item in items).encode())
    sys.stdout.buffer.flush()


def _wrap(items):
    scope = {"scope": {"name": "techshop"}, "logRecords": [_record(item) for item in items]}
    return {"resourceLogs": [{"resource": otlp.resource(), "scopeLogs": [scope]}]}


def _record(item):
    fields = _fields(item)
    return {
        "timeUnixNano": str(item[0]),
        "severityNumber": _SEVERITY[fields["level"]],
        "severityText": fields["level"],
        "body": {"stringValue": json.dumps(fields)},
        "traceId": fields["trace_id"],
        "spanId": fields["span_id"],
    }


_lines = Batches("stdout", _print, seconds=0.1)
_records = otlp.batches("logs", _wrap)
