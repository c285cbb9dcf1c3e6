#include "copenssl.h"

#include <openssl/ec.h>

int copenssl_sha256(const void *bytes, size_t count, unsigned char digest[32]) {
  unsigned int length = 0;
  return EVP_Digest(bytes, count, digest, &length, EVP_sha256(), NULL) == 1 && length == 32;
}

EVP_PKEY *copenssl_generate_p256(void) { return EVP_EC_gen("P-256"); }

long copenssl_bio_contents(BIO *bio, const char **data) {
  char *bytes = NULL;
  long length = BIO_get_mem_data(bio, &bytes);
  *data = bytes;
  return bytes != NULL && length > 0 ? length : 0;
}

int copenssl_set_random_serial(X509 *certificate) {
  BIGNUM *number = BN_new();
  int is_set = number != NULL && BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
               BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
  BN_free(number);
  return is_set;
}

int copenssl_alternative_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

int copenssl_dns_name(const GENERAL_NAMES *names, int index, const unsigned char **data) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name == NULL || name->type != GEN_DNS) return -1;
  *data = ASN1_STRING_get0_data(name->d.dNSName);
  return ASN1_STRING_length(name->d.dNSName);
}

int copenssl_ip_address(const GENERAL_NAMES *names, int index, const unsigned char **data) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name == NULL || name->type != GEN_IPADD) return -1;
  *data = ASN1_STRING_get0_data(name->d.iPAddress);
  return ASN1_STRING_length(name->d.iPAddress);
}
