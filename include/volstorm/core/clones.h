#pragma once

/// Put before a kernel: it is compiled for x86-64, v3 (AVX2) and v4 (AVX-512), and the processor's best is chosen at
/// start. Only for functions that are not templates. Empty under ThreadSanitizer, which crashes on the resolvers.
#if defined(VOLSTORM_TARGET_CLONES) && defined(__x86_64__) && (!defined(__clang__) || __clang_major__ >= 17)
#define VOLSTORM_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VOLSTORM_CLONES
#endif

/// Tells g++ that the iterations of the next loop do not depend on one another.
#if defined(__clang__)
#define VOLSTORM_INDEPENDENT _Pragma("clang loop vectorize(enable)")
#else
#define VOLSTORM_INDEPENDENT _Pragma("GCC ivdep")
#endif
