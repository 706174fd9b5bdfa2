"""One worker, so that every counter has one owner: two would answer scrapes by turns, and rate() would see resets."""
import logging
import threading

bind = "0.0.0.0:5000"
worker_class = "gthread"
workers = 1
threads = 128
backlog = 256
keepalive = 75
graceful_timeout = 1
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_worker_init(_worker):
    import admin

    # The development server logs every scrape.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    threading.Thread(target=admin.serve, args=(5001,), daemon=True).start()
