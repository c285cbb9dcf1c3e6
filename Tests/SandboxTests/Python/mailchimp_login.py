"""OAuth as the documents tell it, and the official client with the token that comes of it."""

import json
import urllib.error
import urllib.parse
import urllib.request

import mailchimp_marketing

from sandbox_client import BASE_URL, refused, run, step

LOGIN = BASE_URL + "/login.mailchimp.com"
REDIRECT = "http://127.0.0.1:8080/callback"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


def ask(path, form=None, headers={}):
    """Status, headers and text of an answer; redirects are not followed."""
    data = None if form is None else urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(LOGIN + path, data=data, headers=headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def code(redirect=REDIRECT):
    query = {"response_type": "code", "client_id": "sandbox-client", "redirect_uri": redirect, "state": "s t&1"}
    status, headers, _ = ask("/oauth2/authorize?" + urllib.parse.urlencode(query))
    assert status == 302, status
    fields = urllib.parse.parse_qs(urllib.parse.urlparse(headers["Location"]).query)
    assert fields["state"] == ["s t&1"]
    return fields["code"][0]


def exchange(code, **changes):
    form = {
        "grant_type": "authorization_code",
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
        "redirect_uri": REDIRECT,
        "code": code,
    }
    form.update(changes)
    status, _, text = ask("/oauth2/token", form)
    return status, json.loads(text)


def the_token():
    step("authorize and exchange")
    status, token = exchange(code())
    assert status == 200 and token["expires_in"] == 0 and token["scope"] is None, token
    step("metadata")
    _, _, text = ask("/oauth2/metadata", headers={"Authorization": "OAuth " + token["access_token"]})
    identity = json.loads(text)
    assert identity["dc"] == "us19" and identity["user_id"] and identity["login"]["login_id"]
    status, _, text = ask("/oauth2/metadata", headers={"Authorization": "OAuth wrong"})
    assert status == 200 and json.loads(text) == {"error": "invalid_token"}
    step("the client with a token")
    api = mailchimp_marketing.Client()
    api.set_config({"access_token": token["access_token"], "server": identity["dc"]})
    api.api_client.host = BASE_URL + "/us19.api.mailchimp.com/3.0"
    assert api.root.get_root()["login_id"] == str(identity["login"]["login_id"])
    api.set_config({"access_token": "wrong", "server": "us19"})
    assert refused(401, api.ping.get)["title"] == "API Key Invalid"


def the_refusals():
    step("refusals")
    once = code()
    assert exchange(once)[0] == 200
    assert exchange(once) == (400, {"error": "invalid_grant"})
    assert exchange(code(), redirect_uri=REDIRECT + "/")[0] == 400
    assert exchange(code(), client_secret="rotated") == (401, {"error": "invalid_client"})
    assert exchange(code(), grant_type="refresh_token")[0] == 400
    query = {"response_type": "code", "client_id": "sandbox-client", "redirect_uri": "http://localhost:8080/"}
    assert ask("/oauth2/authorize?" + urllib.parse.urlencode(query))[0] == 400


run(the_token, the_refusals)
