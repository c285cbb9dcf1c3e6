#include "starter.h"

/* `#embed` is C23; clang has it in every mode, and the compiler's dependency file names what was embedded, so that a
 * changed file is a rebuild. */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const struct {
  const char *path;
  const unsigned char *text;
} files[] = {
#include "files.h"
};

size_t starter_file_count(void) { return sizeof files / sizeof files[0]; }

const char *starter_file_path(size_t index) { return files[index].path; }

const char *starter_file_text(size_t index) { return (const char *)files[index].text; }
