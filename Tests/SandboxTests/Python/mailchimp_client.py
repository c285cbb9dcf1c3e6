"""The official client's first flows: account, members, one campaign, one schedule, a bad key, too many at once."""

import datetime
import hashlib
import json
import threading
import time

from mailchimp_marketing.api_client import ApiClientError

from sandbox_client import LIST, client, content_free, control, refused, step


def the_account(api):
    step("ping")
    assert api.ping.get() == {"health_status": "Everything's Chimpy!"}
    step("account root")
    root = api.root.get_root()
    assert root["account_id"] and root["login_id"] and root["role"] == "owner"
    assert root["total_subscribers"] == 3
    step("lists")
    lists = api.lists.get_all_lists(fields=["lists.id", "lists.name", "total_items"])
    assert lists == {"lists": [{"id": LIST, "name": "Patchbay Readers"}], "total_items": 1}, lists
    assert api.lists.get_list(LIST)["stats"]["member_count"] == 3


def the_members(api):
    step("member upsert")
    email = "Client.Test@patchbay.example"
    member = hashlib.md5(email.lower().encode()).hexdigest()
    body = {"email_address": email, "status_if_new": "subscribed", "merge_fields": {"FNAME": "Cli"}}
    first = api.lists.set_list_member(LIST, member, body)
    assert first["id"] == member and first["status"] == "subscribed" and first["merge_fields"]["FNAME"] == "Cli"
    again = api.lists.set_list_member(LIST, member, {"merge_fields": {"FNAME": "Client"}})
    assert again["id"] == member and again["merge_fields"]["FNAME"] == "Client"
    assert again["unique_email_id"] == first["unique_email_id"]
    step("member exists")
    problem = refused(400, api.lists.add_list_member, LIST, {"email_address": email, "status": "subscribed"})
    assert problem["title"] == "Member Exists"
    step("tags")
    content_free(
        api.lists.update_list_member_tags(LIST, member, {"tags": [{"name": "vip", "status": "active"}]})
    )
    assert [tag["name"] for tag in api.lists.get_list_member_tags(LIST, member)["tags"]] == ["vip"]
    step("bulk")
    bulk = api.lists.batch_list_members(
        LIST,
        {
            "members": [
                {"email_address": "bulk@patchbay.example", "status": "subscribed"},
                {"email_address": email, "status": "subscribed"},
            ]
        },
    )
    assert bulk["total_created"] == 1 and bulk["error_count"] == 1
    assert bulk["errors"][0]["error_code"] == "ERROR_CONTACT_EXISTS"
    step("archive and purge")
    content_free(api.lists.delete_list_member(LIST, member))
    content_free(api.lists.delete_list_member_permanent(LIST, member))
    problem = refused(400, api.lists.set_list_member, LIST, member, body)
    assert problem["title"] == "Forgotten Email Not Subscribed"


def the_campaign(api):
    step("campaign create")
    settings = {
        "subject_line": "From the official client",
        "title": "client-marker",
        "from_name": "Patchbay",
        "reply_to": "owner@patchbay.example",
    }
    campaign = api.campaigns.create({"type": "regular", "recipients": {"list_id": LIST}, "settings": settings})
    assert campaign["status"] == "save" and campaign["settings"]["title"] == "client-marker"
    identifier = campaign["id"]
    step("checklist before content")
    before = api.campaigns.get_send_checklist(identifier)
    assert before["is_ready"] is False
    assert [item["heading"] for item in before["items"] if item["type"] == "error"] == ["Content"]
    assert refused(400, api.campaigns.send, identifier)["title"] == "Bad Request"
    step("set content")
    content = api.campaigns.set_content(identifier, {"html": "<h1>Hello</h1> <p>there</p>"})
    assert content["html"] == "<h1>Hello</h1> <p>there</p>" and content["plain_text"] == "Hello there"
    step("checklist")
    assert api.campaigns.get_send_checklist(identifier)["is_ready"] is True
    step("test e-mail")
    content_free(
        api.campaigns.send_test_email(identifier, {"test_emails": ["me@patchbay.example"], "send_type": "html"})
    )
    step("send")
    content_free(api.campaigns.send(identifier))
    assert api.campaigns.get(identifier)["status"] == "sending"
    refused(405, api.campaigns.remove, identifier)
    step("poll until sent")
    for _ in range(20):
        status = api.campaigns.get(identifier)["status"]
        if status == "sent":
            break
        assert status == "sending", status
        control("POST", "clock", {"advanceMs": 500})
    sent = api.campaigns.get(identifier)
    assert sent["status"] == "sent" and sent["emails_sent"] == sent["recipients"]["recipient_count"] > 0
    assert refused(400, api.campaigns.send, identifier)["title"] == "Invalid Action"
    step("report")
    assert api.reports.get_campaign_report(identifier)["emails_sent"] == sent["emails_sent"]
    return identifier


def the_schedule(api, template):
    step("replicate")
    copy = api.campaigns.replicate(template)["id"]
    step("schedule off the quarter-hour")
    now = datetime.datetime.now(datetime.timezone.utc)
    quarter = now.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=2)
    off = (quarter + datetime.timedelta(minutes=7)).isoformat()
    problem = refused(400, api.campaigns.schedule, copy, {"schedule_time": off})
    assert problem["errors"][0]["field"] == "schedule_time", problem
    step("schedule")
    content_free(api.campaigns.schedule(copy, {"schedule_time": quarter.isoformat()}))
    assert api.campaigns.get(copy)["status"] == "schedule"
    assert api.campaigns.list(status="schedule")["total_items"] == 1
    step("unschedule")
    content_free(api.campaigns.unschedule(copy))
    assert api.campaigns.get(copy)["status"] == "save"
    content_free(api.campaigns.remove(copy))
    refused(404, api.campaigns.get, copy)


def the_bad_key():
    step("bad key")
    problem = refused(401, client("00000000000000000000000000000000-us19").root.get_root)
    assert problem["title"] == "API Key Invalid"


def the_load():
    step("429 under load")
    control("POST", "faults", {"path": "/3.0/ping", "times": None, "do": {"delayMs": 4000}})
    results = []
    start = threading.Barrier(30)

    def call():
        start.wait()
        try:
            answer = client().ping.get()
            results.append("ok" if isinstance(answer, dict) else "bare %d" % answer.status_code)
        except ApiClientError as error:
            results.append(json.loads(error.text)["title"])

    threads = [threading.Thread(target=call) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    control("DELETE", "faults")
    counts = {result: results.count(result) for result in set(results)}
    # The client hands out a bare 429 as a response, because it has no body to raise.
    # How many there are of each depends on how fast the threads get going; that each happens does not.
    assert set(counts) == {"ok", "Too Many Requests", "bare 429"} and counts["ok"] >= 10, counts
    step("ping after the load")
    assert isinstance(client().ping.get(), dict)


def main():
    api = client()
    started = time.monotonic()
    the_account(api)
    the_members(api)
    the_schedule(api, the_campaign(api))
    the_bad_key()
    the_load()
    print("done in %.1f s" % (time.monotonic() - started))


main()
