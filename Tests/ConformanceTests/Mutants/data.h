/* Included by thorough.c: texts and a moment that are handed on, and a medium that goes in pieces. */

/* What the two texts may weigh: the schema counts the title's bytes and the note's letters. */
#ifndef TITLE_FITS
#define TITLE_FITS(bytes, letters) ((bytes) <= 40)
#endif
#ifndef NOTE_FITS
#define NOTE_FITS(bytes, letters) ((letters) <= 40)
#endif
/* Statements: what is to be sent, and what becomes of a piece of which nobody knows. */
#ifndef IN_PLAN
#define IN_PLAN
#endif
#ifndef IN_LOST
#define IN_LOST
#endif
#ifndef PLANNED
#define PLANNED(digits) "%s", digits
#endif
#ifndef TELLS_REFUSED
#define TELLS_REFUSED 1
#endif

enum { PLAN = HOOK + 1, STORE };
enum { PIECE = 4, MOST_BYTES = 80 };

/* A member's text as JSON has it, without its quotes; 0 when there is none, or more than there is room for. */
static size_t raw(const patchbay_payload *input, const char *name, char *to, size_t room) {
  const char *from = member(input, name), *end = (const char *)input->data.ptr + input->data.len;
  size_t n = 0;
  if (from == NULL || from >= end || *from++ != '"') return 0;
  while (from < end && *from != '"') {
    size_t step = *from == '\\' ? 2 : 1;
    if (from + step > end || n + step >= room) return 0;
    memcpy(to + n, from, step);
    n += step;
    from += step;
  }
  to[n] = 0;
  return from < end ? n : 0;
}

static int letters(const char *text) {
  int n = 0;
  for (; *text != 0; text++) n += ((unsigned char)*text & 0xC0) != 0x80;
  return n;
}

static patchbay_status plan(patchbay_op *op, const patchbay_op_start *start, const patchbay_out *out) {
  char at[64], title[512], note[512], text[1200];
  size_t of_title = raw(start->input, "\"title\":", title, sizeof title), of_note = raw(start->input, "\"note\":", note, sizeof note);
  int fits = raw(start->input, "\"at\":", at, sizeof at) > 0 && of_title > 0 && of_note > 0;
  if (!fits || !TITLE_FITS((int)of_title, letters(title)) || !NOTE_FITS((int)of_note, letters(note)))
    return fail_with(out, PATCHBAY_E_INVALID_INPUT, "at, title and note have to be texts that fit");
  IN_PLAN;
  snprintf(text, sizeof text, "{\"at\":\"%s\",\"note\":\"%s\",\"title\":\"%s\"}", at, note, title);
  patchbay_payload body = json(text);
  patchbay_http_req http = request("POST", "/plans");
  http.body = &body;
  op->kind = (enum kind)PLAN;
  out->http(out->ctx, &http);
  return PATCHBAY_OK;
}

/* When it is planned for, and of many which the platform did not take. */
static patchbay_status planned(const patchbay_event *event, const patchbay_out *out) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-", name[] = "\"name\":\"", why[] = "\"reason\":\"";
  char digits[20], text[1024], of_name[33], of_reason[33], moment[32];
  const char *at = member(event->body, "\"planned_at\":");
  if (at == NULL || take(event->body, at, "0123456789", digits, sizeof digits) == 0)
    return fail_with(out, PATCHBAY_E_UNKNOWN_OUTCOME, "the answer says not for when it is planned");
  snprintf(moment, sizeof moment, PLANNED(digits));
  size_t n = (size_t)snprintf(text, sizeof text, "{\"planned_at\":%s,\"refused\":[", moment);
  const char *from = (const char *)event->body->data.ptr, *end = from + event->body->data.len;
  for (int i = 0; TELLS_REFUSED && i < 8; i++) {
    const char *found = memmem(from, (size_t)(end - from), name, sizeof name - 1);
    if (found == NULL) break;
    const char *reason = memmem(found, (size_t)(end - found), why, sizeof why - 1);
    from = found + sizeof name - 1;
    if (reason == NULL || take(event->body, from, allowed, of_name, sizeof of_name) == 0) break;
    if (take(event->body, reason + sizeof why - 1, allowed, of_reason, sizeof of_reason) == 0) break;
    n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"name\":\"%s\",\"reason\":\"%s\"}", i > 0 ? "," : "", of_name, of_reason);
  }
  snprintf(text + n, sizeof text - n, "]}");
  return complete_with(out, text);
}

/* In a stored operation `first` is the medium's number, `second` its size, `count` how much of it has arrived. */
static void send_piece(patchbay_op *op, const patchbay_out *out) {
  char url[64];
  uint64_t left = op->second - (uint64_t)op->count;
  patchbay_payload body = {.struct_size = sizeof body, .format = PATCHBAY_BLOB, .content_type = str("image/png")};
  body.blob = op->first;
  body.blob_offset = (uint64_t)op->count;
  body.blob_length = left < PIECE ? left : PIECE;
  snprintf(url, sizeof url, "/store?offset=%ld", op->count);
  patchbay_http_req http = request("PUT", url);
  http.body = &body;
  out->http(out->ctx, &http);
}

static patchbay_status store(patchbay_op *op, const patchbay_op_start *start, const patchbay_out *out) {
  char number[3], size[4];
  const char *of_number = member(start->input, "\"$blob\":"), *of_size = member(start->input, "\"size\":");
  if (of_number == NULL || of_size == NULL || take(start->input, of_number, "0123456789", number, sizeof number) != 1 ||
      take(start->input, of_size, "0123456789", size, sizeof size) == 0 || atoi(number) < 1 || atoi(size) < 1 || atoi(size) > MOST_BYTES)
    return fail_with(out, PATCHBAY_E_INVALID_INPUT, "file has to be a medium of 1 to 80 bytes");
  op->kind = (enum kind)STORE;
  op->first = (uint64_t)atoi(number);
  op->second = (uint64_t)atoi(size);
  op->count = 0;
  send_piece(op, out);
  return PATCHBAY_OK;
}

static patchbay_status stored(patchbay_op *op, const patchbay_event *event, const patchbay_out *out) {
  char digits[8], text[64];
  uint64_t left = op->second - (uint64_t)op->count;
  if (op->status[0] != 0) {
    const char *at = member(event->body, "\"next\":");
    op->status[0] = 0;
    if (event->outcome != PATCHBAY_OK || at == NULL || take(event->body, at, "0123456789", digits, sizeof digits) == 0 ||
        (uint64_t)atoi(digits) > op->second)
      return fail_with(out, PATCHBAY_E_UNKNOWN_OUTCOME, "nobody knows which pieces have arrived");
    op->count = atoi(digits);
  } else if (event->outcome == PATCHBAY_E_UNKNOWN_OUTCOME && op->step++ == 0) {
    IN_LOST;
    op->status[0] = 1;
    patchbay_http_req http = request("GET", "/store");
    out->http(out->ctx, &http);
    return PATCHBAY_OK;
  } else if (event->outcome != PATCHBAY_OK) {
    return fail_as(out, event);
  } else {
    op->count += (long)(left < PIECE ? left : PIECE);
  }
  if ((uint64_t)op->count < op->second) {
    send_piece(op, out);
    return PATCHBAY_OK;
  }
  snprintf(text, sizeof text, "{\"stored\":%ld}", op->count);
  return complete_with(out, text);
}
