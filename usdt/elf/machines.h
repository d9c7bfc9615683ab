/* SPDX-License-Identifier: BSD-2-Clause */
/* machines.h - elf.h, and the machine that those of glibc < 2.36 lack. */
#ifndef USDT_ELF_MACHINES_H
#define USDT_ELF_MACHINES_H

#include <elf.h>

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258 /* gABI registry */
#endif

#endif
