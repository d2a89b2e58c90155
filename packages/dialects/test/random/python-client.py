"""A client of `random` as python-socketio's documentation writes one: each handler takes exactly the arguments of its event.

Arguments: the URL, the transport, its user id. Is paired, sends ten messages, receives ten, leaves; prints what it received.
"""

import json
import sys
import threading

import socketio

url, transport, user = sys.argv[1:]
sio = socketio.Client(reconnection=False)
room = {}
texts = []
sent = threading.Event()
received = threading.Event()


@sio.on("waiting_for_partner", namespace="/random")
def waiting_for_partner(data):
    pass


@sio.on("user_count_update", namespace="/random")
def user_count_update(data):
    pass


@sio.on("partner_found", namespace="/random")
def partner_found(data):
    room["id"] = data["roomId"]
    for i in range(10):
        sio.emit("send_message", {"roomId": data["roomId"], "message": f"from Python {i}"}, namespace="/random")
    sent.set()


@sio.on("new_message", namespace="/random")
def new_message(data):
    if data["sender"] != user:
        texts.append(data["text"])
    if len(texts) == 10:
        received.set()


sio.connect(url, transports=[transport], namespaces=["/random"], wait_timeout=60)
sio.emit("join", {"userId": user, "type": "chat"}, namespace="/random")
for event in (sent, received):
    if not event.wait(120):
        sys.exit(f"not paired, or of ten messages only {len(texts)} came")
sio.call("leave_room", {"roomId": room["id"]}, namespace="/random")
sio.disconnect()
print(json.dumps(texts))
