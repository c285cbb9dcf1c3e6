/* The files that `patchbay new` writes from, as they were in the repository when the program was built. */
#ifndef STARTER_H
#define STARTER_H

#include <stddef.h>

/* How many there are. */
size_t starter_file_count(void);

/* The path of a file in the repository: text in static storage, ending with a NUL. */
const char *starter_file_path(size_t index);

/* The content of a file: text in static storage, ending with a NUL. */
const char *starter_file_text(size_t index);

#endif
