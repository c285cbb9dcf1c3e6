/* Asks for another thing than its transcripts say: what a changed library does. */
#define IN_REQUEST http.url = str("/thing"); 
#include "perfect.c"
