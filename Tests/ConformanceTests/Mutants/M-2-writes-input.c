// rule: M-2
// implies: 
// case: F1
/* Writes to the bytes that it was lent. */
#define IN_BEGIN if (start->input->data.len > 0) ((volatile uint8_t *)(uintptr_t)start->input->data.ptr)[0] = start->input->data.ptr[0]
#include "perfect.c"
