"""The official client on webhooks: signed, really delivered, tried again, disabled by 410."""

import hashlib
import hmac
import http.server
import queue
import threading
import time
import urllib.parse

from sandbox_client import LIST, advance, campaign, client, content_free, control, refused, run, step, subscribe

api = client()
EVENTS = {name: True for name in ["subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"]}
SOURCES = {"user": True, "admin": True, "api": True}
arrived = queue.Queue()
answers = {}


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(404 if self.path == "/nothing" else 200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        arrived.put((self.path, dict(self.headers), body))
        self.answer(answers.get(self.path, 200))

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
HERE = "http://127.0.0.1:%d" % receiver.server_port


def take(kind):
    """The next delivery, which must be of that type."""
    path, headers, body = arrived.get(timeout=20)
    fields = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
    assert fields["type"] == kind, fields
    return path, headers, body, fields


def verify(secret, headers, body):
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    parts = dict(part.split("=") for part in headers["X-Mailchimp-Signature"].split(","))
    expected = hmac.new(secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(parts["v1"], expected)
    assert abs(int(parts["t"]) - time.time()) < 300


def the_registration():
    step("registration")
    problem = refused(400, api.lists.create_list_webhook, LIST, {"url": "http://127.0.0.1:1/", "events": EVENTS})
    assert problem["errors"][0]["field"] == "url"
    refused(400, api.lists.create_list_webhook, LIST, {"url": HERE + "/nothing", "events": EVENTS})
    refused(400, api.lists.create_list_webhook, LIST, {"url": "http://example.com/hook", "events": EVENTS})
    hook = api.lists.create_list_webhook(LIST, {"url": HERE + "/hook", "events": EVENTS, "sources": SOURCES})
    assert hook["signing_enabled"] and hook["signing_secret"]
    assert api.lists.get_list_webhook(LIST, hook["id"])["signing_secret"] == ""
    refused(400, api.lists.create_list_webhook, LIST, {"url": HERE + "/hook", "events": EVENTS})
    return hook


def the_deliveries():
    hook = the_registration()
    secret = hook["signing_secret"]
    step("every event")
    subscribe(api, "hook@patchbay.example")
    path, headers, body, fields = take("subscribe")
    verify(secret, headers, body)
    assert path == "/hook" and fields["data[email]"] == "hook@patchbay.example" and fields["data[list_id]"] == LIST
    member = hashlib.md5(b"hook@patchbay.example").hexdigest()
    api.lists.update_list_member(LIST, member, {"merge_fields": {"FNAME": "Jos\u00e9 & Co"}})
    path, headers, body, fields = take("profile")
    verify(secret, headers, body)
    assert fields["data[merges][FNAME]"] == "Jos\u00e9 & Co"
    api.lists.update_list_member(LIST, member, {"email_address": "hook2@patchbay.example"})
    assert take("upemail")[3]["data[old_email]"] == "hook@patchbay.example"
    member = hashlib.md5(b"hook2@patchbay.example").hexdigest()
    api.lists.update_list_member(LIST, member, {"status": "unsubscribed"})
    assert take("unsubscribe")[3]["data[action]"] == "unsub"
    content_free(api.lists.delete_list_member(LIST, member))
    assert take("unsubscribe")[3]["data[action]"] == "delete"
    step("what time brings")
    subscribe(api, "bounce@patchbay.example", "unsubscribe@patchbay.example")
    take("subscribe"), take("subscribe")
    api.campaigns.send(campaign(api))
    advance(5)
    assert take("campaign")[3]["data[status]"] == "sent"
    advance(60)
    assert take("cleaned")[3]["data[reason]"] == "hard"
    advance(600)
    assert take("unsubscribe")[3]["data[reason]"] == "manual"
    step("no echo of one's own changes")
    changed = api.lists.update_list_webhook(LIST, hook["id"], {"sources": {"api": False}})
    assert changed["sources"] == {"user": True, "admin": True, "api": False} and changed["signing_secret"] == ""
    subscribe(api, "quiet@patchbay.example")
    api.lists.update_list_webhook(LIST, hook["id"], {"sources": {"api": True}})
    subscribe(api, "loud@patchbay.example")
    assert take("subscribe")[3]["data[email]"] == "loud@patchbay.example"
    content_free(api.lists.delete_list_webhook(LIST, hook["id"]))


def the_failures():
    step("a failed delivery is tried again, the same bytes")
    hook = api.lists.create_list_webhook(LIST, {"url": HERE + "/again", "events": EVENTS, "sources": SOURCES})
    answers["/again"] = 500
    subscribe(api, "again@patchbay.example")
    first = take("subscribe")
    settled(lambda delivery: delivery["state"] == "waiting" and delivery["last_status"] == 500)
    answers["/again"] = 200
    advance(61)
    second = take("subscribe")
    assert first[2] == second[2]
    verify(hook["signing_secret"], second[1], second[2])
    settled(lambda delivery: delivery["state"] == "delivered" and delivery["attempts"] == 2)
    step("410 disables the webhook")
    answers["/again"] = 410
    subscribe(api, "gone@patchbay.example")
    take("subscribe")
    settled(lambda delivery: delivery["state"] == "given up")
    subscribe(api, "after@patchbay.example")
    advance(7200)
    assert control("GET", "state/mailchimp")["deliveries"][-1]["state"] == "given up"
    assert arrived.empty()
    content_free(api.lists.delete_list_webhook(LIST, hook["id"]))


def settled(is_so):
    """Waits until the last delivery is as told; its end is known a moment after its receiver answered."""
    end = time.monotonic() + 20
    while not is_so(control("GET", "state/mailchimp")["deliveries"][-1]):
        assert time.monotonic() < end, control("GET", "state/mailchimp")["deliveries"][-1]


def the_batches():
    step("batch webhooks")
    refused(400, api.batchWebhooks.create, {"url": HERE + "/nothing"})
    hook = api.batchWebhooks.create({"url": HERE + "/batch", "enabled": True})
    assert api.batchWebhooks.get(hook["id"])["url"] == HERE + "/batch"
    batch = api.batches.start({"operations": [{"method": "GET", "path": "/ping", "operation_id": "a"}]})
    advance(10)
    path, headers, body, fields = take("batch_operation_completed")
    assert path == "/batch" and fields["data[id]"] == batch["id"] and fields["data[status]"] == "finished"
    assert api.batchWebhooks.update(hook["id"], {"enabled": False})["enabled"] is False
    api.batches.start({"operations": [{"method": "GET", "path": "/ping", "operation_id": "b"}]})
    advance(10)
    assert api.batchWebhooks.list()["total_items"] == 1 and arrived.empty()
    content_free(api.batchWebhooks.remove(hook["id"]))


run(the_deliveries, the_failures, the_batches)
