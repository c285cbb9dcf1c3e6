"""The official client on templates, files and folders."""

import base64
import struct

from sandbox_client import campaign, client, content_free, fetch, refused, run, step

api = client()
HTML = '<html><body><h1 mc:edit="head">Old</h1><div mc:edit="body">Text</div></body></html>'


def the_templates():
    step("templates")
    folder = api.templateFolders.create({"name": "Letters"})
    template = api.templates.create({"name": "Letter", "html": HTML, "folder_id": folder["id"]})
    assert template["type"] == "user" and template["name"] == "Letter"
    assert api.templates.get_default_content_for_template(template["id"])["sections"] == {"head": "Old", "body": "Text"}
    assert api.templates.update_template(template["id"], {"name": "Brief", "html": HTML})["name"] == "Brief"
    assert api.templates.get_template(template["id"])["folder_id"] == folder["id"]
    assert api.templates.list(type="user")["total_items"] == 1
    assert api.templateFolders.get(folder["id"])["count"] == 1
    step("campaign from a template")
    identifier = campaign(api, html=None)
    content = api.campaigns.set_content(
        identifier, {"template": {"id": template["id"], "sections": {"head": "New"}}}
    )
    assert content["html"] == HTML.replace("Old", "New"), content["html"]
    refused(400, api.campaigns.set_content, identifier, {"template": {"id": 1}})
    content_free(api.templates.delete_template(template["id"]))
    refused(404, api.templates.get_template, template["id"])


def the_files():
    step("files")
    folder = api.fileManager.create_folder({"name": "Pictures"})
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + bytes(200)
    made = api.fileManager.upload(
        {"name": "a.png", "file_data": base64.b64encode(png).decode(), "folder_id": folder["id"]}
    )
    assert made["type"] == "image" and made["size"] == len(png), made
    assert (made["width"], made["height"]) == (640, 480)
    assert fetch(made["full_size_url"]) == (200, png)
    assert api.fileManager.get_file(made["id"])["name"] == "a.png"
    assert api.fileManager.update_file(made["id"], {"name": "b.png"})["name"] == "b.png"
    assert api.fileManager.files(type="image")["total_items"] == 1
    assert api.fileManager.get_folder(folder["id"])["file_count"] == 1
    step("files that are refused")
    bad = refused(400, api.fileManager.upload, {"name": "a.png", "file_data": "not base64!"})
    assert bad["errors"][0]["field"] == "file_data"
    large = base64.b64encode(png + bytes(10 * 1024 * 1024)).decode()
    assert refused(400, api.fileManager.upload, {"name": "a.png", "file_data": large})["errors"]
    assert refused(400, api.fileManager.upload, {"name": "a.exe", "file_data": "AAAA"})["errors"][0]["field"] == "name"
    content_free(api.fileManager.delete_file(made["id"]))
    content_free(api.fileManager.delete_folder(folder["id"]))


def the_folders():
    step("folders")
    assert api.fileManager.update_folder(api.fileManager.create_folder({"name": "A"})["id"], {"name": "B"})["name"] == "B"
    assert api.fileManager.list_folders()["total_items"] == 1
    folder = api.campaignFolders.create({"name": "Autumn"})
    identifier = campaign(api)
    api.campaigns.update(identifier, {"settings": {"folder_id": folder["id"]}})
    assert api.campaigns.list(folder_id=folder["id"])["total_items"] == 1
    assert api.campaignFolders.get(folder["id"])["count"] == 1
    assert api.campaignFolders.update(folder["id"], {"name": "Winter"})["name"] == "Winter"
    assert api.campaignFolders.list()["total_items"] == 1
    content_free(api.campaignFolders.remove(folder["id"]))
    assert api.campaigns.list(folder_id=folder["id"])["total_items"] == 0
    assert api.templateFolders.update(api.templateFolders.list()["folders"][0]["id"], {"name": "Mail"})["name"] == "Mail"
    content_free(api.templateFolders.remove(api.templateFolders.list()["folders"][0]["id"]))


run(the_templates, the_files, the_folders)
