/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream_run.h - the runs of probes, which are read from descriptors.
 */
#ifndef FS_STREAM_RUN_H
#define FS_STREAM_RUN_H

#include "fs/tree/area.h"

/*
 * Where nothing is attached the run is of nothing, and its reads fail with
 * ENODATA; ENODEV: what it is of was detached.
 */
extern const struct stream_source stream_run;

#endif
