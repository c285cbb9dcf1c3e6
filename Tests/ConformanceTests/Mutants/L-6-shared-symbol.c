// rule: L-6
// implies:
// case: B5
// beside: id: perfect => id: other
/* A symbol that the dynamic loader makes one of, whatever is loaded. */
extern const void *first_copy;
__asm__(".pushsection .bss\n.globl first_copy\n.type first_copy, @gnu_unique_object\n.size first_copy, 8\n"
        ".balign 8\nfirst_copy: .zero 8\n.popsection");
static char here;
#define IN_ENTRY if (first_copy == 0) first_copy = &here
#define IN_DESCRIBE if (first_copy != &here) return fail_with(out, PATCHBAY_E_INTERNAL, "another copy is there")
#include "perfect.c"
