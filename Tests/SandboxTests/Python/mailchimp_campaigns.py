"""The official client on campaigns of every kind and on every action."""

from sandbox_client import LIST, advance, campaign, client, content_free, refused, run, step, subscribe

api = client()


def status(identifier):
    return api.campaigns.get(identifier)["status"]


def the_kinds():
    step("plaintext")
    plain = campaign(api, kind="plaintext", html=None)
    content = api.campaigns.set_content(plain, {"plain_text": "Hello there"})
    assert content["plain_text"] == "Hello there" and api.campaigns.get_content(plain)["html"] == ""
    content_free(api.campaigns.send(plain))
    step("variate")
    settings = {"winner_criteria": "opens", "wait_time": 60, "test_size": 100, "subject_lines": ["One", "Two"]}
    variate = campaign(api, kind="variate", variate_settings=settings)
    combinations = api.campaigns.get(variate)["variate_settings"]["combinations"]
    assert len(combinations) == 2 and sum(one["recipients"] for one in combinations) == 3, combinations
    api.campaigns.set_content(
        variate, {"variate_contents": [{"content_label": "A", "html": "<p>a</p>"}, {"content_label": "B", "html": "<p>b</p>"}]}
    )
    assert len(api.campaigns.get(variate)["variate_settings"]["combinations"]) == 4
    content_free(api.campaigns.send(variate))
    assert api.campaigns.get(variate)["variate_settings"]["winning_combination_id"] == ""
    advance(3700)
    assert api.campaigns.get(variate)["variate_settings"]["winning_combination_id"] == combinations[0]["id"]
    step("absplit")
    assert status(campaign(api, kind="absplit")) == "save"
    step("rss, paused and resumed")
    feed = campaign(api, kind="rss", rss_opts={"feed_url": "https://patchbay.example/feed", "frequency": "daily"})
    refused(400, api.campaigns.pause, feed)
    content_free(api.campaigns.send(feed))
    content_free(api.campaigns.pause(feed))
    assert status(feed) == "paused"
    content_free(api.campaigns.resume(feed))
    assert status(feed) == "sending"
    refused(400, api.campaigns.pause, campaign(api))


def the_segment():
    step("to a segment")
    made = api.lists.create_segment(LIST, {"name": "Few", "static_segment": ["ada@patchbay.example"]})
    recipients = {"list_id": LIST, "segment_opts": {"saved_segment_id": made["id"]}}
    identifier = campaign(api, recipients=recipients)
    assert api.campaigns.get(identifier)["recipients"]["recipient_count"] == 1
    content_free(api.campaigns.send(identifier))
    advance(3)
    assert api.campaigns.get(identifier)["emails_sent"] == 1


def the_cancelled():
    step("cancel-send")
    subscribe(api, *["many%d@patchbay.example" % number for number in range(100)])
    identifier = campaign(api)
    content_free(api.campaigns.send(identifier))
    content_free(api.campaigns.cancel_send(identifier))
    refused(405, api.campaigns.remove, identifier)
    advance(2)
    assert status(identifier) == "canceled"
    assert api.campaigns.get(identifier)["delivery_status"]["emails_canceled"] > 0
    step("resend, replicate, delete")
    sent = campaign(api, title="Sent")
    content_free(api.campaigns.send(sent))
    advance(3)
    again = api.campaigns.create_resend(sent)
    assert again["parent_campaign_id"] == sent and again["status"] == "save"
    assert api.campaigns.replicate(sent)["settings"]["title"] == "Sent (copy 01)"
    content_free(api.campaigns.remove(again["id"]))
    refused(404, api.campaigns.get, again["id"])


def the_plan():
    step("what a plan refuses")
    free = client("sandboxfree-us19")
    assert free.root.get_root()["pricing_plan_type"] == "forever_free"
    identifier = campaign(free)
    when = {"schedule_time": "2099-01-01T10:15:00+00:00"}
    assert refused(403, free.campaigns.schedule, identifier, when)["title"] == "Authorization Failure"
    test = {"test_emails": ["me@patchbay.example"], "send_type": "html"}
    refused(403, free.campaigns.send_test_email, identifier, test)
    content_free(free.campaigns.send(identifier))
    step("what a role refuses")
    viewer = client("sandboxviewer-us19")
    assert viewer.root.get_root()["role"] == "viewer"
    assert refused(403, viewer.campaigns.send, identifier)["title"] == "Forbidden"
    assert refused(403, client("sandboxdisabled-us19").ping.get)["title"] == "User Disabled"


run(the_kinds, the_segment, the_cancelled, the_plan)
