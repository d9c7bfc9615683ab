/* SPDX-License-Identifier: BSD-2-Clause */
/* loader_log.h - in the loader: what libbpf and the verifier say. */
#ifndef ATTACH_PROGRAM_LOADER_LOADER_LOG_H
#define ATTACH_PROGRAM_LOADER_LOADER_LOG_H

/* From now on libbpf's warnings and the logs go to fd; -1: nowhere. */
void loader_log_begin(int fd);

/* The last warning that says why, as a line; "". */
const char *loader_log_reason(void);

#endif
