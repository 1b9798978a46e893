#pragma once

#include "activation_loops.h"
#include "affine_loops.h"
#include "convolution_loops.h"
#include "elementwise_loops.h"
#include "fold_loops.h"
#include "gradient_loops.h"
#include "kmer_loops.h"
#include "normalization_loops.h"
#include "optimizer_loops.h"
#include "padding_loops.h"
#include "pooling_loops.h"
#include "product_loops.h"
#include "recurrent_loops.h"
#include "row_loops.h"
#include "screen_loops.h"
#include "sieve_loops.h"
#include "sliding_loops.h"
#include "sparse_loops.h"
#include "substitution_loops.h"
#include "window_loops.h"
#include "winner_loops.h"

#define ENTRY(NAME) .NAME = KERNEL(NAME),
const KernelSet KERNEL(kernels) = {FOR_EACH_KERNEL(ENTRY)};
