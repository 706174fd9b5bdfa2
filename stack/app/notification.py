"""What Alertmanager posts to a webhook, version 4 of its format
(https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). What fits is let in, as far as it is read
here; anything else is a ValueError whose sentence may be sent back."""
import json
import re

# Of one notification. A group of some thousand alerts, each with long annotations, fits.
MOST_BYTES = 1024 * 1024
MOST_ALERTS = 5_000
# Of one set of labels or annotations.
MOST_NAMES = 100
LONGEST_TEXT = 16 * 1024
STATUSES = ("firing", "resolved")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def read(text):
    """The notification in a body of at most MOST_BYTES."""
    try:
        body = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None
    except ValueError:
        raise ValueError("the body is not JSON") from None
    _must(isinstance(body, dict), "the body must be a JSON object")
    _must(body.get("version") == "4", 'version must be "4"')
    _one_of(body, "status", STATUSES)
    alerts = body.get("alerts")
    _must(isinstance(alerts, list) and 1 <= len(alerts) <= MOST_ALERTS, f"alerts must be a list of 1 to {MOST_ALERTS}")
    truncated = body.get("truncatedAlerts", 0)
    _must(type(truncated) is int and 0 <= truncated, "truncatedAlerts must be a whole number from 0")
    for name in ("groupLabels", "commonLabels", "commonAnnotations"):
        _texts(body, name)
    return {
        "status": body["status"],
        "receiver": _text(body, "receiver"),
        "groupKey": _text(body, "groupKey"),
        "alerts": [_alert(alert, f"alerts[{index}]") for index, alert in enumerate(alerts)],
    }


def _alert(alert, where):
    _must(isinstance(alert, dict), f"{where} must be an object")
    _one_of(alert, "status", STATUSES, where)
    for name in ("startsAt", "endsAt"):
        _must(TIME.fullmatch(_text(alert, name, where)), f"{where}.{name} must be a time as RFC 3339 writes it")
    _must(re.fullmatch(r"[0-9a-f]{16}", _text(alert, "fingerprint", where)), f"{where}.fingerprint must be 16 digits")
    return {
        "status": alert["status"],
        "labels": _texts(alert, "labels", where),
        "annotations": _texts(alert, "annotations", where),
        "startsAt": alert["startsAt"],
        "endsAt": alert["endsAt"],
        "fingerprint": alert["fingerprint"],
    }


def _must(holds, sentence):
    if not holds:
        raise ValueError(sentence)


def _refuse(_constant):
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError


def _at(where, name):
    return f"{where}.{name}" if where else name


def _one_of(holder, name, words, where=""):
    _must(holder.get(name) in words, f"{_at(where, name)} must be {' or '.join(words)}")


def _text(holder, name, where=""):
    value = holder.get(name)
    _must(_is_text(value), f"{_at(where, name)} must be a text of at most {LONGEST_TEXT} characters")
    return value


def _is_text(value):
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _texts(holder, name, where=""):
    """A set of labels or annotations; Go writes an empty one as null where it is nil."""
    value = holder.get(name)
    value = {} if value is None else value
    fits = isinstance(value, dict) and len(value) <= MOST_NAMES
    fits = fits and all(_is_text(one) for pair in value.items() for one in pair)
    _must(fits, f"{_at(where, name)} must be at most {MOST_NAMES} names, each with a text")
    return value
