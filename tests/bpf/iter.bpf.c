// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * iter.bpf.c - iterators that print a line an object, or what a reader has to
 * bear.  The kernel's structures are declared as far as they are used.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct task_struct {
	int pid;
	int tgid;
};

struct kernfs_node {
	__u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
};

struct bpf_map {
	__u32 id;
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
};

struct bpf_iter__sockmap {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *sk;
};

struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
};

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	void *sk_common;
};

#pragma clang attribute pop

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

static __always_inline void hit(void)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&hits, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("iter/task")
int iter_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	hit();
	if (task)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%d %d\n", task->tgid,
			       task->pid);
	return 0;
}

SEC("iter/task")
int iter_other(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task)
		BPF_SEQ_PRINTF(ctx->meta->seq, "task %d\n", task->pid);
	return 0;
}

SEC("iter/task")
int iter_again(struct bpf_iter__task *ctx)
{
	return !!ctx->task;
}

char page[4096];

/* More than the kernel takes of one object. */
SEC("iter/task")
int iter_large(struct bpf_iter__task *ctx)
{
	int i;

	for (i = 0; i < 9; i++)
		bpf_seq_write(ctx->meta->seq, page, sizeof(page));
	return 0;
}

SEC("iter/task_file")
int iter_file(struct bpf_iter__task_file *ctx)
{
	if (ctx->task)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%d\n", ctx->fd);
	return 0;
}

SEC("iter/cgroup")
int iter_cgroup(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgroup = ctx->cgroup;

	if (cgroup)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%llu\n", cgroup->kn->id);
	return 0;
}

SEC("iter/tcp")
int iter_tcp(struct bpf_iter__tcp *ctx)
{
	if (ctx->sk_common)
		BPF_SEQ_PRINTF(ctx->meta->seq, "socket\n");
	return 0;
}

SEC("iter/bpf_map")
int iter_map(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;

	if (map)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", map->id);
	return 0;
}

SEC("iter/sockmap")
int iter_sockmap(struct bpf_iter__sockmap *ctx)
{
	if (ctx->sk)
		BPF_SEQ_PRINTF(ctx->meta->seq, "socket\n");
	return 0;
}

char iter_license[] SEC("license") = "Dual BSD/GPL";
