#pragma once

#include <htslib/bgzf.h>
#include <htslib/hfile.h>
#include <htslib/hts.h>
#include <htslib/kstring.h>
#include <htslib/tbx.h>
#include <htslib/vcf.h>

// Exported by the library, but missing from its headers: makes the CSI of a BCF file that is open.
hts_idx_t *bcf_index(htsFile *file, int min_shift);
