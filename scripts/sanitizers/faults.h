/* Undefined from 31 on. */
int shift_out(int bits);
