"""What the scripts beside this one share: the official client, the sandbox's controls, and short assertions.

Each script takes one argument, the URL of the sandbox's plain listener. The client is configured by its documented
`set_config` and by the `host` attribute of its ApiClient; nothing of it is replaced. Each prints one line for each
step and "done" at the end.
"""

import json
import sys
import time
import urllib.error
import urllib.request

import mailchimp_marketing
from mailchimp_marketing.api_client import ApiClientError

BASE_URL = sys.argv[1]
LIST = "a1b2c3d4e5"


def client(key="sandbox-us19"):
    made = mailchimp_marketing.Client()
    made.set_config({"api_key": key, "server": "us19"})
    made.api_client.host = BASE_URL + "/us19.api.mailchimp.com/3.0"
    return made


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE_URL + "/_sandbox/" + path, data=data, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def step(name):
    print(name, flush=True)


def refused(status, call, *arguments):
    """The problem that the call is refused with."""
    try:
        call(*arguments)
    except ApiClientError as error:
        assert error.status_code == status, (status, error.status_code, error.text)
        return json.loads(error.text)
    raise AssertionError("not refused with %d" % status)


def content_free(answer):
    """The client hands out the bare response of a 204."""
    assert answer.status_code == 204 and answer.text == "", answer.text


def advance(seconds):
    """Moves the sandbox's time forward."""
    control("POST", "clock", {"advanceMs": int(seconds * 1000)})


def fetch(url, headers={}):
    """A GET for a URL of the platform, through the plain listener: status and bytes."""
    assert url.startswith("https://"), url
    request = urllib.request.Request(BASE_URL + "/" + url[len("https://") :], headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def subscribe(api, *emails):
    answer = api.lists.batch_list_members(
        LIST, {"members": [{"email_address": email, "status": "subscribed"} for email in emails]}
    )
    assert answer["error_count"] == 0, answer["errors"]


def campaign(api, title="A", kind="regular", html='<p><a href="https://patchbay.example/a">Go</a></p>', **extra):
    """The id of a campaign that is ready to be sent."""
    settings = {
        "subject_line": "Hello",
        "title": title,
        "from_name": "Patchbay",
        "reply_to": "owner@patchbay.example",
    }
    body = {"type": kind, "recipients": {"list_id": LIST}, "settings": settings}
    body.update(extra)
    identifier = api.campaigns.create(body)["id"]
    if html:
        api.campaigns.set_content(identifier, {"html": html})
    return identifier


def run(*parts):
    started = time.monotonic()
    for part in parts:
        part()
    print("done in %.1f s" % (time.monotonic() - started))
