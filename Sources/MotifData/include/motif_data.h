#ifndef MOTIF_DATA_H
#define MOTIF_DATA_H

#include <stddef.h>

/// The motif database that comes with the program, in MEME's text format.
const unsigned char *motif_data(void);
size_t motif_data_size(void);

#endif
