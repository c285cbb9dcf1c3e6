"""The official client on batches: they take time, and their results are an archive at a URL that expires."""

import gzip
import io
import json
import tarfile

from sandbox_client import LIST, advance, client, content_free, fetch, refused, run, step, subscribe

api = client()
STATES = ["pending", "preprocessing", "started", "finalizing", "finished"]


def results(url):
    status, body = fetch(url)
    assert status == 200, body
    found = []
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(body))) as archive:
        for entry in archive:
            if entry.isfile():
                found += json.load(archive.extractfile(entry))
    return found


def the_batch():
    step("a batch takes time")
    operations = [
        {
            "method": "PUT",
            "path": "/lists/%s/members/b%d@patchbay.example" % (LIST, number),
            "operation_id": str(number),
            "body": json.dumps({"email_address": "b%d@patchbay.example" % number, "status_if_new": "subscribed"}),
        }
        for number in range(40)
    ]
    operations.append({"method": "GET", "path": "/lists/nothing", "operation_id": "lost"})
    operations.append({"method": "POST", "path": "/campaigns", "operation_id": "broken", "body": "{"})
    batch = api.batches.start({"operations": operations})
    assert batch["status"] == "pending" and batch["total_operations"] == 42 and batch["response_body_url"] == ""
    seen = []
    for _ in range(60):
        now = api.batches.status(batch["id"])
        if now["status"] not in seen:
            seen.append(now["status"])
        if now["status"] == "finished":
            break
        assert now["response_body_url"] == ""
        advance(0.3)
    # A slow machine may miss a state between two looks, but their order is always the same.
    assert seen == [state for state in STATES if state in seen] and seen[-1] == "finished" and len(seen) >= 3, seen
    assert now["finished_operations"] == 42 and now["errored_operations"] == 2
    step("its results")
    entries = results(now["response_body_url"])
    assert sorted(entry["operation_id"] for entry in entries) == sorted(one["operation_id"] for one in operations)
    assert [entry["operation_id"] for entry in entries] != [one["operation_id"] for one in operations]
    by_id = {entry["operation_id"]: entry for entry in entries}
    assert by_id["0"]["status_code"] == 200
    assert json.loads(by_id["0"]["response"])["email_address"] == "b0@patchbay.example"
    assert by_id["lost"]["status_code"] == 404
    assert json.loads(by_id["broken"]["response"])["title"] == "JSON Parse Exception"
    step("the URL expires, another look makes a new one")
    advance(601)
    assert fetch(now["response_body_url"])[0] == 403
    again = api.batches.status(batch["id"])["response_body_url"]
    assert len(results(again)) == 42
    status, body = fetch(again, {"Authorization": "Bearer sandbox-us19"})
    assert status == 400 and b"Only one auth mechanism" in body
    assert fetch(again.replace("Signature=", "Signature=0"))[0] == 403
    advance(8 * 86400)
    assert api.batches.status(batch["id"])["response_body_url"] == ""


def the_pages():
    step("a read without count goes through all pages")
    for start in range(0, 1100, 500):
        subscribe(api, *["page%d@patchbay.example" % number for number in range(start, min(start + 500, 1100))])
    batch = api.batches.start(
        {"operations": [{"method": "GET", "path": "/lists/%s/members" % LIST, "operation_id": "all", "params": {"fields": "members.id,total_items"}}]}
    )
    advance(10)
    entries = results(api.batches.status(batch["id"])["response_body_url"])
    assert len(entries) == 2 and {entry["operation_id"] for entry in entries} == {"all"}
    assert sum(len(json.loads(entry["response"])["members"]) for entry in entries) == 1144
    step("list and delete")
    assert api.batches.list()["total_items"] == 2
    content_free(api.batches.delete_request(batch["id"]))
    refused(404, api.batches.status, batch["id"])
    refused(400, api.batches.start, {"operations": []})
    refused(400, api.batches.start, {"operations": [{"method": "GET", "path": "lists"}]})


run(the_batch, the_pages)
