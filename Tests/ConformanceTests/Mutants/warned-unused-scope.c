// rule: manifest
// case: A11
// manifest: actions: => scopes: {everything: {why: "to be sure", required_by: [get]}}\nactions:
/* Declares a scope that no action needs. */

#include "perfect.c"
