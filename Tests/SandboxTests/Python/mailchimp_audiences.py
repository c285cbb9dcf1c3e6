"""The official client on audiences: merge fields, interests, segments, notes, events, activity."""

import hashlib

from sandbox_client import LIST, client, content_free, refused, run, step, subscribe

api = client()


def member_id(email):
    return hashlib.md5(email.lower().encode()).hexdigest()


def the_merge_fields():
    step("merge fields")
    fields = api.lists.get_list_merge_fields(LIST, count=100)
    assert [field["tag"] for field in fields["merge_fields"]] == ["FNAME", "LNAME", "ADDRESS", "PHONE", "BIRTHDAY"]
    made = api.lists.add_list_merge_field(
        LIST, {"tag": "SIZE", "name": "Size", "type": "dropdown", "options": {"choices": ["S", "M"]}}
    )
    assert made["tag"] == "SIZE" and made["options"]["choices"] == ["S", "M"]
    renamed = api.lists.update_list_merge_field(LIST, made["merge_id"], {"name": "Shirt size"})
    assert renamed["name"] == "Shirt size" and renamed["type"] == "dropdown"
    assert api.lists.get_list_merge_field(LIST, made["merge_id"])["name"] == "Shirt size"
    ada = member_id("ada@patchbay.example")
    changed = api.lists.update_list_member(LIST, ada, {"merge_fields": {"SIZE": "M"}})
    assert changed["merge_fields"]["SIZE"] == "M"
    problem = refused(400, api.lists.update_list_member, LIST, ada, {"merge_fields": {"SIZE": "XXL"}})
    assert problem["errors"][0]["field"] == "SIZE"
    content_free(api.lists.delete_list_merge_field(LIST, made["merge_id"]))
    assert "SIZE" not in api.lists.get_list_member(LIST, ada)["merge_fields"]


def the_interests():
    step("interests")
    category = api.lists.create_list_interest_category(LIST, {"title": "Topics", "type": "checkboxes"})
    swift = api.lists.create_interest_category_interest(LIST, category["id"], {"name": "Swift"})
    assert swift["category_id"] == category["id"]
    ada = member_id("ada@patchbay.example")
    assert api.lists.update_list_member(LIST, ada, {"interests": {swift["id"]: True}})["interests"][swift["id"]]
    shown = api.lists.get_interest_category_interest(LIST, category["id"], swift["id"])
    assert shown["subscriber_count"] == "1"
    assert api.lists.list_interest_category_interests(LIST, category["id"])["total_items"] == 1
    assert api.lists.get_list_interest_categories(LIST)["categories"][0]["title"] == "Topics"
    api.lists.update_interest_category_interest(LIST, category["id"], swift["id"], {"name": "Swift 6"})
    api.lists.update_interest_category(LIST, category["id"], {"title": "Subjects", "type": "checkboxes"})
    assert api.lists.get_interest_category(LIST, category["id"])["title"] == "Subjects"
    content_free(api.lists.delete_interest_category_interest(LIST, category["id"], swift["id"]))
    content_free(api.lists.delete_interest_category(LIST, category["id"]))


def the_segments():
    step("static segments")
    subscribe(api, "seg1@patchbay.example", "seg2@other.example")
    made = api.lists.create_segment(LIST, {"name": "Static", "static_segment": ["seg1@patchbay.example"]})
    assert made["type"] == "static" and made["member_count"] == 1
    identifier = made["id"]
    # A static segment is a tag.
    tags = api.lists.get_list_member_tags(LIST, member_id("seg1@patchbay.example"))["tags"]
    assert [tag["id"] for tag in tags] == [identifier]
    batch = api.lists.batch_segment_members(
        {"members_to_add": ["seg2@other.example", "nobody@patchbay.example"]}, LIST, identifier
    )
    assert batch["total_added"] == 1 and batch["error_count"] == 1, batch
    added = api.lists.create_segment_member(LIST, identifier, {"email_address": "ada@patchbay.example"})
    assert added["email_address"] == "ada@patchbay.example"
    assert api.lists.get_segment_members_list(LIST, identifier)["total_items"] == 3
    content_free(api.lists.remove_segment_member(LIST, identifier, member_id("ada@patchbay.example")))
    assert api.lists.get_segment(LIST, identifier)["member_count"] == 2
    assert api.lists.update_segment(LIST, identifier, {"name": "Renamed"})["name"] == "Renamed"
    step("saved segments")
    condition = {"condition_type": "EmailAddress", "field": "EMAIL", "op": "ends", "value": "@other.example"}
    saved = api.lists.create_segment(LIST, {"name": "Saved", "options": {"match": "all", "conditions": [condition]}})
    assert saved["type"] == "saved" and saved["member_count"] == 1
    refused(400, api.lists.create_segment_member, LIST, saved["id"], {"email_address": "ada@patchbay.example"})
    assert api.lists.list_segments(LIST, type="saved")["total_items"] == 1
    content_free(api.lists.delete_segment(LIST, saved["id"]))
    content_free(api.lists.delete_segment(LIST, identifier))
    assert api.lists.list_segments(LIST)["total_items"] == 0


def the_notes():
    step("notes, events, activity, goals")
    grace = member_id("grace@patchbay.example")
    note = api.lists.create_list_member_note(LIST, grace, {"note": "Called back"})
    assert api.lists.update_list_member_note(LIST, grace, note["id"], {"note": "Called twice"})["note"] == "Called twice"
    assert api.lists.get_list_member_note(LIST, grace, note["id"])["note"] == "Called twice"
    assert api.lists.get_list_member_notes(LIST, grace)["total_items"] == 1
    content_free(api.lists.create_list_member_event(LIST, grace, {"name": "purchase", "properties": {"sku": "1"}}))
    assert api.lists.get_list_member_events(LIST, grace)["events"][0]["name"] == "purchase"
    feed = api.lists.get_list_member_activity_feed(LIST, grace)["activity"]
    assert {"note", "event", "signup"} == {entry["activity_type"] for entry in feed}, feed
    assert api.lists.getListMemberGoals(LIST, grace)["goals"] == []
    content_free(api.lists.delete_list_member_note(LIST, grace, note["id"]))


def the_audience():
    step("audience")
    days = api.lists.get_list_recent_activity(LIST)["activity"]
    assert days[0]["day"] > days[1]["day"] and "unique_opens" in days[0]
    assert api.lists.update_list(LIST, {"name": "Patchbay Readers"})["name"] == "Patchbay Readers"
    assert api.lists.tag_search(LIST, name="x")["total_items"] == 0


run(the_merge_fields, the_interests, the_segments, the_notes, the_audience)
