// OpenSSL for Swift: the headers our owner files use, and functions for what Swift cannot import
// (macros and variadic functions). Ownership is OpenSSL's: what a function returns is the caller's
// to free with the function named in its comment, unless it says "borrowed".
#ifndef PATCHBAY_COPENSSL_H
#define PATCHBAY_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Writes the SHA-256 of count bytes to digest. Returns 1, or 0 where this OpenSSL offers none.
int copenssl_sha256(const void *bytes, size_t count, unsigned char digest[32]);

// A new P-256 key pair, or NULL. Free with EVP_PKEY_free. Wraps the macro EVP_EC_gen.
EVP_PKEY *copenssl_generate_p256(void);

// The bytes written to a memory BIO so far: *data is borrowed from it. Returns their number, or 0.
// Wraps the macro BIO_get_mem_data.
long copenssl_bio_contents(BIO *bio, const char **data);

// Gives the certificate a random serial number of 127 bits. Returns 1, or 0.
int copenssl_set_random_serial(X509 *certificate);

// The number of entries of a certificate's subjectAltName. The sk_ functions are macros.
int copenssl_alternative_name_count(const GENERAL_NAMES *names);

// The DNS name at index: *data is borrowed and not terminated by zero. Returns its length, or -1 where the
// entry is not a DNS name.
int copenssl_dns_name(const GENERAL_NAMES *names, int index, const unsigned char **data);

// The IP address at index, 4 or 16 bytes, borrowed. Returns its length, or -1 where the entry is not one.
int copenssl_ip_address(const GENERAL_NAMES *names, int index, const unsigned char **data);

#endif
