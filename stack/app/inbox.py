"""The webhook receiver: keeps Alertmanager's notifications as they arrived, for whoever asks."""
import threading
from collections import deque
from datetime import datetime, timezone

from flask import Flask, jsonify, request

KEPT = 5_000

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
_lock = threading.Lock()
_kept = deque(maxlen=KEPT)
_next = 1


def _alert(alert):
    labels, annotations = alert.get("labels"), alert.get("annotations", {})
    texts = [alert.get("status"), alert.get("startsAt"), alert.get("endsAt"), alert.get("fingerprint")]
    if not _is_map(labels) or not _is_map(annotations) or not all(isinstance(text, str) for text in texts):
        raise ValueError("an alert of the notification is not as Alertmanager writes it")
    return {
        "status": alert["status"],
        "labels": labels,
        "annotations": annotations,
        "startsAt": alert["startsAt"],
        "endsAt": alert["endsAt"],
        "fingerprint": alert["fingerprint"],
    }


def _is_map(value):
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


@app.post("/webhook")
def receive():
    global _next
    received = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = request.get_json(silent=True)
    try:
        if not isinstance(body, dict) or not isinstance(body.get("alerts"), list):
            raise ValueError("the body is no notification of Alertmanager")
        alerts = [_alert(alert) for alert in body["alerts"] if isinstance(alert, dict)]
    except ValueError as error:
        return jsonify(error=str(error)), 400
    with _lock:
        _kept.append(
            {
                "seq": _next,
                "receivedAt": received,
                "status": str(body.get("status", "")),
                "receiver": str(body.get("receiver", "")),
                "groupKey": str(body.get("groupKey", "")),
                "alerts": alerts,
            }
        )
        _next += 1
    return jsonify(status="received")


@app.get("/notifications")
def notifications():
    """Everything from sequence number `since` on; `next` is what to ask for the next time."""
    since = request.args.get("since", default=0, type=int)
    with _lock:
        return jsonify(next=_next, notifications=[one for one in _kept if one["seq"] >= since])


@app.get("/health")
def health():
    return jsonify(status="healthy")
