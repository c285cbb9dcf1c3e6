/* libcurl for Swift, which cannot call variadic functions: one plain function for each shape of
 * curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt in use, and the socket of a checked address.
 * Everything else is called as libcurl declares it. */
#ifndef PATCHBAY_CCURL_H
#define PATCHBAY_CCURL_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

/* curl_easy_setopt. Texts and bodies are copied by libcurl; a list must live until the handle is reset. */
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *list);
CURLcode ccurl_set_body(CURL *easy, const void *bytes, size_t length);

/* A body of known length that is read while it is sent; both callbacks get the same context. */
CURLcode ccurl_set_streamed_body(CURL *easy, curl_read_callback read, curl_seek_callback seek, int64_t length,
                                 void *context);

/* CURLOPT_ERRORBUFFER: at least CURL_ERROR_SIZE bytes that live until the handle is reset. */
CURLcode ccurl_set_error_text(CURL *easy, char *buffer);

/* Sets every callback in use, each with the same context. */
CURLcode ccurl_set_callbacks(CURL *easy, curl_write_callback body, curl_write_callback header,
                             curl_prereq_callback begin, curl_opensocket_callback open_socket,
                             curl_debug_callback notice, void *context);

/* CURLOPT_CLOSESOCKETFUNCTION. A connection takes the context with it: it must outlive the multi handle. */
CURLcode ccurl_set_close_callback(CURL *easy, curl_closesocket_callback close_socket, void *context);

/* curl_easy_getinfo; 0 when libcurl does not know. */
long ccurl_get_long(CURL *easy, CURLINFO info);
int64_t ccurl_get_microseconds(CURL *easy, CURLINFO info);

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/* CURLMOPT_SOCKETFUNCTION and CURLMOPT_TIMERFUNCTION, each with the same context. */
CURLMcode ccurl_multi_set_callbacks(CURLM *multi, curl_socket_callback wish, curl_multi_timer_callback timer,
                                    void *context);

/* Calls curl_multi_info_read until a transfer that ended is found. Returns 0 when there is none. */
int ccurl_multi_next_done(CURLM *multi, CURL **easy, CURLcode *result);

/* The address in network order, 4 or 16 bytes of it; returns their number, 0 for any other family. */
size_t ccurl_address_bytes(const struct curl_sockaddr *address, uint8_t bytes[16], uint16_t *port);

/* Calls socket(2) for the address, close-on-exec. Returns CURL_SOCKET_BAD on failure. */
curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address);

/* What libcurl's sockets wait in: epoll(7) and eventfd(2), which Swift's module of the C library lacks. */
typedef struct {
  curl_socket_t socket;
  /* CURL_CSELECT_IN, CURL_CSELECT_OUT, CURL_CSELECT_ERR. */
  int bits;
} ccurl_ready;

/* Descriptors, close-on-exec; -1 on failure. The event's does not block. */
int ccurl_watch_open(void);
int ccurl_event_open(void);

/* What is waited for: CURL_POLL_IN, CURL_POLL_OUT or CURL_POLL_INOUT, level-triggered; CURL_POLL_REMOVE for nothing
 * any more. `is_known` says whether the socket is in already. Returns 0, or -1. */
int ccurl_watch_set(int watch, curl_socket_t socket, int wish, int is_known);

/* Waits for at most so many milliseconds. Returns how many of `ready` are filled; 0 on time-out, signal or failure. */
int ccurl_watch_wait(int watch, ccurl_ready *ready, int capacity, int milliseconds);

#endif
