"""Spans and log records to an OpenTelemetry collector: OTLP over HTTP in JSON, and only where an endpoint is set.

Own code, since Debian 12 packages no OpenTelemetry SDK for Python, and both variants of the lab run the same API. Of
the standard variables it knows OTEL_SERVICE_NAME and OTEL_EXPORTER_OTLP_ENDPOINT with its _TRACES_ and _LOGS_ forms. A
batch is sent once: a collector that is away costs its spans, and nothing else.
"""
import json
import os
import urllib.request

from batches import Batches

TIMEOUT_SECONDS = 2
EVERY_SECONDS = 1
SERVICE = os.environ.get("OTEL_SERVICE_NAME") or "api"
# Without the proxies of the environment: a collector stands beside the lab.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def batches(signal, wrap):
    """Where to put what `wrap` makes a request's body of, by the list; None where no endpoint is set."""
    url = _url(signal)
    return Batches(signal, lambda items: _post(url, wrap(items)), EVERY_SECONDS) if url else None


def resource():
    return {"attributes": attributes({"service.name": SERVICE})}


def attributes(values):
    """Key and value as OTLP writes them; 64-bit integers are strings in its JSON."""
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for key, value in values.items()
    ]


def _url(signal):
    own = os.environ.get(f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT")
    base = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    return own or (f"{base.rstrip('/')}/v1/{signal}" if base else None)


def _post(url, body):
    data = json.dumps(body, separators=(",", ":")).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
        answer.read()
