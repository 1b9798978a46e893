#pragma once

#include <bigWig.h>
