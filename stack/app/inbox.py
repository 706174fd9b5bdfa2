"""The webhook receiver: keeps Alertmanager's notifications as they arrived, for whoever asks."""
import json
import threading
from collections import deque
from datetime import datetime, timezone

from flask import Flask, Response, jsonify, request

import notification

# What is kept, as the JSON it will be sent as. Older ones give way to newer ones.
KEPT = 5_000
KEPT_BYTES = 32 * 1024 * 1024
# Of one answer; who asks goes on from its `next`.
PAGE_BYTES = 8 * 1024 * 1024

app = Flask(__name__)
_lock = threading.Lock()
_kept = deque()
_kept_bytes = 0
_next = 1


@app.post("/webhook")
def receive():
    received = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if request.mimetype != "application/json":
        return jsonify(error="the body must be application/json"), 415
    # Flask's own limit is one of forms alone in the version that Debian has.
    body = b"" if _too_large(request.content_length) else request.stream.read(notification.MOST_BYTES + 1)
    if _too_large(request.content_length) or _too_large(len(body)):
        return jsonify(error=f"a notification has at most {notification.MOST_BYTES} bytes"), 413
    try:
        _keep(received, notification.read(body))
    except ValueError as error:
        return jsonify(error=str(error)), 400
    return jsonify(status="received")


def _too_large(size):
    return (size or 0) > notification.MOST_BYTES


def _keep(received, read):
    global _next, _kept_bytes
    with _lock:
        text = json.dumps({"seq": _next, "receivedAt": received, **read})
        _kept.append((_next, text))
        _kept_bytes += len(text)
        _next += 1
        while len(_kept) > KEPT or _kept_bytes > KEPT_BYTES:
            _kept_bytes -= len(_kept.popleft()[1])


@app.get("/notifications")
def notifications():
    """From sequence number `since` on, as many as fit; `next` is what to ask for the next time."""
    since = request.args.get("since", default=0, type=int)
    page, size = [], 0
    with _lock:
        following = _next
        for number, text in _kept:
            if number < since:
                continue
            if page and size + len(text) > PAGE_BYTES:
                following = number
                break
            page.append(text)
            size += len(text)
        more = following < _next
    head = f'"next":{following},"more":{json.dumps(more)}'
    return Response(f'{{{head},"notifications":[{",".join(page)}]}}', content_type="application/json")


@app.get("/health")
def health():
    return jsonify(status="healthy")
