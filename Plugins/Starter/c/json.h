/* As much of JSON as this connector needs: it finds a member, copies values as they stand, and writes texts.
 *
 * A span is somebody else's memory and dies with it; a text is ours, grows, and is freed by text_free. */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct span {
  const char *at; /* NULL: there is none */
  size_t length;
};

struct text {
  char *bytes;
  size_t length, room;
  int has_failed; /* memory ran out: the text is not to be used */
};

static inline void text_add(struct text *text, const char *bytes, size_t count) {
  if (text->has_failed || count == 0) return;
  if (count > text->room - text->length) {
    size_t room = (text->length + count) * 2;
    char *grown = realloc(text->bytes, room);
    if (grown == NULL) {
      text->has_failed = 1;
      return;
    }
    text->bytes = grown;
    text->room = room;
  }
  memcpy(text->bytes + text->length, bytes, count);
  text->length += count;
}

static inline void text_add_words(struct text *text, const char *words) { text_add(text, words, strlen(words)); }

/* Adds a JSON string. */
static inline void text_add_quoted(struct text *text, const char *bytes, size_t count) {
  char escape[8];
  text_add(text, "\"", 1);
  for (size_t i = 0; i < count; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if (byte == '"' || byte == '\\' || byte < 0x20) {
      snprintf(escape, sizeof escape, "\\u%04x", byte);
      text_add(text, escape, 6);
    } else {
      text_add(text, bytes + i, 1);
    }
  }
  text_add(text, "\"", 1);
}

static inline void text_free(struct text *text) {
  free(text->bytes);
  *text = (struct text){0};
}

static inline const char *json_skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
  return at;
}

/* Where the value that starts at `at` ends; NULL when the text ends before. */
static inline const char *json_value_end(const char *at, const char *end) {
  size_t depth = 0;
  int is_quoted = 0;
  for (; at < end; at++) {
    if (is_quoted) {
      if (*at == '\\') at++;
      else if (*at == '"' && depth == 0) return at + 1;
      else if (*at == '"') is_quoted = 0;
    } else if (*at == '"') {
      is_quoted = 1;
    } else if (*at == '{' || *at == '[') {
      depth++;
    } else if (*at == '}' || *at == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && strchr(", \t\n\r:", *at) != NULL) {
      return at;
    }
  }
  return NULL;
}

/* The member `name` of an object, as it is written there. */
static inline struct span json_member(struct span object, const char *name) {
  struct span none = {NULL, 0};
  if (object.at == NULL) return none;
  const char *end = object.at + object.length, *at = json_skip_space(object.at, end);
  if (at == end || *at != '{') return none;
  do {
    const char *key = json_skip_space(at + 1, end), *key_end = json_value_end(key, end);
    if (key_end == NULL || *key != '"') return none;
    at = json_skip_space(key_end, end);
    if (at == end || *at != ':') return none;
    const char *value = json_skip_space(at + 1, end), *value_end = json_value_end(value, end);
    if (value_end == NULL) return none;
    size_t length = (size_t)(key_end - key) - 2;
    if (length == strlen(name) && memcmp(key + 1, name, length) == 0)
      return (struct span){value, (size_t)(value_end - value)};
    at = json_skip_space(value_end, end);
  } while (at < end && *at == ',');
  return none;
}

#endif
