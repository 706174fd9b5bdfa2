"""Makes the way from one service to another worse, from inside the network namespace of the one that asks.

wire.py run '{"to": "172.18.0.5", "delay": 0.1, ...}'   until SIGTERM, or until "seconds" are over
wire.py clean                                           takes back what a killed one left; fails if something stays
wire.py state                                           what is in force: netem, proxy or nothing
wire.py probe '{"to": "172.18.0.5", "port": 5432}'      the round trip, in milliseconds

Where the kernel has netem, delay, jitter and bandwidth are its own. Elsewhere, and for resets, a proxy stands in
between: the namespace's packets to that address are redirected to it, its own excepted, which are known by its user.
Connections from before would go on as they were, so they are reset once. Only the Python standard library, iptables
and tc are needed.
"""
import asyncio
import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import time

CHAIN = "CHAOS_WIRE"
PROXY_USER = 61234
PROXY_PORT = 61234
CHUNK = 65536
# From linux/netfilter_ipv4.h; Python's socket module does not name it.
SO_ORIGINAL_DST = 80
# What makes a server of each kind answer something, whoever asks.
QUESTIONS = {5432: struct.pack("!ii", 8, 80877103), 6379: b"PING\r\n"}
HTTP = b"GET /health HTTP/1.0\r\n\r\n"


def sh(*command, check=True):
    done = subprocess.run(command, capture_output=True, text=True)
    if check and done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done


def device_to(address):
    return re.search(r" dev (\S+)", sh("ip", "route", "get", address).stdout).group(1)


def state():
    if "netem" in sh("tc", "qdisc", "show").stdout:
        return "netem"
    return "proxy" if CHAIN in sh("iptables-save").stdout else "nothing"


def clean():
    for table in ("nat", "filter"):
        iptables = ("iptables", "-w", "5", "-t", table)
        while sh(*iptables, "-D", "OUTPUT", "-j", CHAIN, check=False).returncode == 0:
            pass
        sh(*iptables, "-F", CHAIN, check=False)
        sh(*iptables, "-X", CHAIN, check=False)
    for device in re.findall(r"qdisc prio 1: dev (\S+) root", sh("tc", "qdisc", "show").stdout):
        sh("tc", "qdisc", "del", "dev", device, "root")
    if state() != "nothing":
        sys.exit(f"still in force: {state()}")


def netem(plan):
    """Whether the kernel could be told to do it."""
    device = device_to(plan["to"])
    root = sh("tc", "qdisc", "add", "dev", device, "root", "handle", "1:", "prio", "bands", "4", check=False)
    words = ["netem"]
    if plan["delay"] or plan["jitter"]:
        words += ["delay", f"{plan['delay'] * 1000:.3f}ms", f"{plan['jitter'] * 1000:.3f}ms"]
    if plan["bandwidth"]:
        words += ["rate", f"{plan['bandwidth'] * 8:.0f}bit"]
    shaped = sh("tc", "qdisc", "add", "dev", device, "parent", "1:4", "handle", "40:", *words, check=False)
    if root.returncode == 0 and shaped.returncode == 0:
        match = ["match", "ip", "dst", f"{plan['to']}/32"]
        sh("tc", "filter", "add", "dev", device, "parent", "1:", "protocol", "ip", "u32", *match, "flowid", "1:4")
        return True
    sh("tc", "qdisc", "del", "dev", device, "root", check=False)
    return False


def redirect(plan):
    way = ["-p", "tcp", "-d", plan["to"]]
    others = ["-m", "owner", "!", "--uid-owner", str(PROXY_USER)]
    rules = {
        "nat": ["-j", "REDIRECT", "--to-ports", str(PROXY_PORT)],
        # Redirected packets no longer bear the address, so these are connections from before: they begin anew.
        "filter": ["-j", "REJECT", "--reject-with", "tcp-reset"],
    }
    for table, action in rules.items():
        iptables = ("iptables", "-w", "5", "-t", table)
        sh(*iptables, "-N", CHAIN)
        sh(*iptables, "-A", CHAIN, *way, *others, *action)
        sh(*iptables, "-A", "OUTPUT", "-j", CHAIN)


class Link:
    """One direction between two services: its bandwidth is shared by all connections, as a cable's is."""

    def __init__(self, plan):
        self.plan = plan
        self.free_at = 0.0
        # Small enough that a narrow link lets something through ten times a second.
        self.chunk = max(1, min(CHUNK, int(plan["bandwidth"] / 10))) if plan["bandwidth"] else CHUNK

    def arrives_at(self, size, now):
        jitter = random.uniform(-1, 1) * self.plan["jitter"]
        sent = now
        if self.plan["bandwidth"]:
            sent = self.free_at = max(now, self.free_at) + size / self.plan["bandwidth"]
        return sent + max(0.0, self.plan["delay"] + jitter) / 2

    async def carry(self, reader, writer):
        """Every chunk arrives in the order in which it was sent, and later by half the round trip's delay."""
        queue = asyncio.Queue(maxsize=64)

        async def take():
            last = 0.0
            while True:
                data = await reader.read(self.chunk)
                last = max(last, self.arrives_at(len(data), time.monotonic()))
                await queue.put((last, data))
                if not data:
                    return

        async def give():
            while True:
                at, data = await queue.get()
                await asyncio.sleep(at - time.monotonic())
                if not data:
                    if writer.can_write_eof():
                        writer.write_eof()
                    return
                writer.write(data)
                await writer.drain()

        async with asyncio.TaskGroup() as both:
            both.create_task(take())
            both.create_task(give())


def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def asked_for(writer):
    """The address and port that a redirected connection was meant for."""
    raw = writer.get_extra_info("socket").getsockopt(socket.SOL_IP, SO_ORIGINAL_DST, 16)
    port, address = struct.unpack("!2xH4s8x", raw)
    return socket.inet_ntoa(address), port


def proxy(plan):
    there, back = Link(plan), Link(plan)

    async def between(reader, writer):
        upstream = None
        try:
            # What the handshake would have taken: a round trip before anything is heard.
            await asyncio.sleep(plan["delay"])
            if random.random() * 100 < plan["reset"]:
                reset(writer)
                return
            from_server, upstream = await asyncio.open_connection(*asked_for(writer))
            async with asyncio.TaskGroup() as both:
                both.create_task(there.carry(reader, upstream))
                both.create_task(back.carry(from_server, writer))
        except* OSError:
            reset(writer)
        finally:
            for end in (writer, upstream):
                if end:
                    end.close()

    return asyncio.start_server(between, "127.0.0.1", PROXY_PORT, backlog=1024)


async def run(plan):
    over = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, over.set)
    clean()
    if plan["reset"] or not netem(plan):
        # From here on every socket belongs to the user whom the rules let pass.
        os.seteuid(PROXY_USER)
        await proxy(plan)
        os.seteuid(0)
        redirect(plan)
        os.seteuid(PROXY_USER)
    try:
        await asyncio.wait_for(over.wait(), plan["seconds"])
    except asyncio.TimeoutError:
        pass
    os.seteuid(0)
    clean()


def probe(plan):
    """A connection, a question and the first byte of its answer: two round trips, of which the half is told."""
    began = time.monotonic()
    with socket.create_connection((plan["to"], plan["port"]), timeout=10) as connection:
        connection.sendall(QUESTIONS.get(plan["port"], HTTP))
        if not connection.recv(1):
            sys.exit("the connection was closed without an answer")
    return f"{(time.monotonic() - began) * 500:.1f}"


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    given = json.loads(rest[0]) if rest else {}
    if verb == "run":
        asyncio.run(run(given))
    elif verb == "clean":
        clean()
    elif verb == "probe":
        try:
            print(probe(given))
        except OSError as error:
            sys.exit(str(error))
    else:
        print(state())
