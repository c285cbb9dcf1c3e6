"""What the official client sees when things go wrong: named errors, compliance, bare refusals, HTML after 120 s."""

import threading

import requests
from mailchimp_marketing.api_client import ApiClientError

from sandbox_client import BASE_URL, LIST, advance, client, control, refused, run, step, subscribe

api = client()
API = BASE_URL + "/us19.api.mailchimp.com/3.0"


def the_triggered():
    step("X-Trigger-Error")
    for name, status in [("APIKeyMissing", 401), ("UserDisabled", 403), ("TooManyRequests", 429), ("ComplianceRelated", 503)]:
        answer = requests.get(API + "/ping", headers={"X-Trigger-Error": name}, auth=("user", "sandbox-us19"), timeout=20)
        assert answer.status_code == status, name
        assert answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"


def the_compliance():
    step("compliance states")
    gone = {"email_address": "mary@patchbay.example", "status": "subscribed"}
    assert refused(400, api.lists.update_list_member, LIST, "mary@patchbay.example", gone)["title"] == "Member In Compliance State"
    bulk = api.lists.batch_list_members(LIST, {"members": [gone], "update_existing": True})
    assert bulk["error_count"] == 1 and bulk["total_updated"] == 0
    subscribe(api, "purged@patchbay.example")
    api.lists.delete_list_member_permanent(LIST, "purged@patchbay.example")
    again = {"email_address": "purged@patchbay.example", "status": "subscribed"}
    assert refused(400, api.lists.add_list_member, LIST, again)["title"] == "Forgotten Email Not Subscribed"


def the_bare():
    step("a bare 403")
    control("POST", "faults", {"path": "/3.0/ping", "do": {"status": 403}})
    # The client hands out what has no body instead of raising it.
    answer = api.ping.get()
    assert answer.status_code == 403 and answer.text == ""


def the_timeout():
    step("HTML after 120 s")
    control("POST", "faults", {"method": "POST", "path": "/3.0/campaigns", "do": {"timeout": "after"}})
    seen = []

    def create():
        try:
            api.campaigns.create({"type": "regular", "settings": {"title": "lost answer"}})
        except ApiClientError as error:
            seen.append((error.status_code, error.text))

    waiting = threading.Thread(target=create)
    waiting.start()
    while not any(one["path"] == "/3.0/campaigns" for one in control("GET", "requests")):
        assert waiting.is_alive()
    advance(100)
    assert waiting.is_alive()
    advance(20)
    waiting.join(20)
    assert seen[0][0] == 502 and "<html>" in seen[0][1], seen
    # It took effect all the same: whoever asks finds it by its title.
    titles = [one["settings"]["title"] for one in api.campaigns.list()["campaigns"]]
    assert titles == ["lost answer"]


run(the_triggered, the_compliance, the_bare, the_timeout)
