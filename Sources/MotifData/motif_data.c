#include "motif_data.h"

static const unsigned char data[] = {
#embed "../../motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
};

const unsigned char *motif_data(void) { return data; }
size_t motif_data_size(void) { return sizeof data; }
