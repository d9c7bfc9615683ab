/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * show.h - the texts of files, made from views.
 *
 * Each writes the whole text to out and returns 0, or returns -errno with *e
 * filled.  No lock is held.
 */
#ifndef FS_TREE_SHOW_H
#define FS_TREE_SHOW_H

#include "fs/tree/files.h"

int show_readme(const struct view *view, FILE *out, struct err *e);
int show_features(const struct view *view, FILE *out, struct err *e);
int show_help(const struct view *view, FILE *out, struct err *e);
int show_available(const struct view *view, FILE *out, struct err *e);
int show_dir_error(const struct view *view, FILE *out, struct err *e);
int show_attach(const struct view *view, FILE *out, struct err *e);
int show_text(const struct view *view, FILE *out, struct err *e);
int show_pin(const struct view *view, FILE *out, struct err *e);
int show_field(const struct view *view, FILE *out, struct err *e);
int show_info(const struct view *view, FILE *out, struct err *e);
int show_sites(const struct view *view, FILE *out, struct err *e);
int show_error(const struct view *view, FILE *out, struct err *e);
int show_builtin(const struct view *view, FILE *out, struct err *e);
int show_builtin_help(const struct view *view, FILE *out, struct err *e);
int show_link(const struct view *view, FILE *out, struct err *e);
int show_prog(const struct view *view, FILE *out, struct err *e);

#endif
