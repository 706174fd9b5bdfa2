"""The metrics and the switches, on a port and threads of their own: when every thread of the API is busy, it must
still be possible to measure that, and `up` must not become 0. Never routed by nginx."""
from flask import Flask, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.serving import make_server

import switches

app = Flask(__name__)


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@app.get("/admin/switches")
def read():
    return jsonify(switches.current())


@app.put("/admin/switches")
def write():
    wanted = request.get_json(silent=True)
    if not isinstance(wanted, dict):
        return jsonify(error="the body must be a JSON object"), 400
    try:
        return jsonify(switches.change(wanted))
    except ValueError as error:
        return jsonify(error=str(error)), 400


def serve(port):
    make_server("0.0.0.0", port, app, threaded=True).serve_forever()
