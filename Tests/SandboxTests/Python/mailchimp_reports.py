"""The official client on every report of a campaign, whose data comes late."""

from sandbox_client import LIST, advance, campaign, client, content_free, run, step, subscribe

api = client()
DAY = 86400


def the_reports():
    step("a campaign to many")
    subscribe(api, *["r%d@patchbay.example" % number for number in range(200)])
    subscribe(
        api, "bounce+a@patchbay.example", "soft@patchbay.example", "unsubscribe@patchbay.example",
        "complaint@patchbay.example",
    )
    html = '<a href="https://patchbay.example/a">A</a> <a href="https://patchbay.example/b">B</a>'
    identifier = campaign(api, html=html)
    content_free(api.campaigns.send(identifier))
    advance(3600)
    step("data that comes late")
    early = api.reports.get_campaign_report(identifier)
    advance(DAY)
    late = api.reports.get_campaign_report(identifier)
    advance(5 * DAY)
    final = api.reports.get_campaign_report(identifier)
    opens = [report["opens"]["opens_total"] for report in (early, late, final)]
    assert 0 < opens[0] < opens[1] < opens[2], opens
    assert late["opens"]["unique_opens"] == final["opens"]["unique_opens"]
    assert final["opens"]["proxy_excluded_opens"] < final["opens"]["opens_total"]
    assert final["bounces"] == {"hard_bounces": 1, "soft_bounces": 1, "syntax_errors": 0}
    assert final["unsubscribed"] == 2 and final["abuse_reports"] == 1
    assert api.reports.get_all_campaign_reports()["total_items"] == 1
    step("opens")
    opened = api.reports.get_campaign_open_details(identifier, count=1000)
    assert opened["total_opens"] == final["opens"]["opens_total"] == sum(m["opens_count"] for m in opened["members"])
    someone = opened["members"][0]["email_id"]
    assert api.reports.get_subscriber_info_for_opened_campaign(identifier, someone)["opens"]
    since = api.reports.get_campaign_open_details(identifier, since=final["send_time"], count=1)
    assert since["total_items"] == opened["total_items"]
    step("clicks")
    links = api.reports.get_campaign_click_details(identifier)["urls_clicked"]
    assert [link["url"] for link in links] == ["https://patchbay.example/a", "https://patchbay.example/b"]
    assert sum(link["total_clicks"] for link in links) == final["clicks"]["clicks_total"] > 0
    link = links[0]["id"]
    assert api.reports.get_campaign_click_details_for_link(identifier, link)["unique_clicks"] == links[0]["unique_clicks"]
    clickers = api.reports.get_subscribers_info(identifier, link, count=1000)
    assert clickers["total_items"] == links[0]["unique_clicks"]
    clicker = clickers["members"][0]["email_id"]
    assert api.reports.get_subscriber_info(identifier, link, clicker)["clicks"] == 1
    step("recipients")
    assert api.reports.get_campaign_recipients(identifier)["total_items"] == 207
    assert api.reports.get_campaign_recipient(identifier, clicker)["open_count"] >= 1
    activity = api.reports.get_email_activity_for_subscriber(identifier, clicker)["activity"]
    assert {"open", "click"} <= {entry["action"] for entry in activity}
    assert api.reports.get_email_activity_for_campaign(identifier)["total_items"] == 207
    gone = api.reports.get_unsubscribed_list_for_campaign(identifier)["unsubscribes"]
    assert {one["email_address"].split("@")[0] for one in gone} == {"unsubscribe", "complaint"}
    assert api.reports.get_unsubscribed_list_member(identifier, gone[0]["email_id"])["reason"]
    abuse = api.reports.get_campaign_abuse_reports(identifier)["abuse_reports"]
    assert api.reports.get_campaign_abuse_report(identifier, abuse[0]["id"])["email_address"].startswith("complaint")
    step("views")
    domains = api.reports.get_domain_performance_for_campaign(identifier)["domains"]
    assert domains[0]["emails_sent"] == 207 and domains[0]["bounces"] == 2
    places = api.reports.get_locations_for_campaign(identifier)["locations"]
    assert sum(place["opens"] for place in places) == final["opens"]["opens_total"]
    assert api.reports.get_campaign_advice(identifier)["advice"] == []
    assert api.reports.get_eepurl_activity_for_campaign(identifier)["eepurl"]
    assert api.reports.get_sub_reports_for_campaign(identifier)["reports"] == []
    step("what it did to the audience")
    stats = api.lists.get_list(LIST)["stats"]
    assert stats["cleaned_count"] == 1 and stats["unsubscribe_count"] == 3, stats
    days = api.lists.get_list_recent_activity(LIST)["activity"]
    assert sum(day["emails_sent"] for day in days) == 207 and sum(day["hard_bounce"] for day in days) == 1


run(the_reports)
