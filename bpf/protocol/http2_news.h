/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the agent is told of HTTP/2's streams: one record for a transfer, with a piece of news for each thing that it learns. */
#pragma once

#define SP_STREAM_VERSION 2

/* Of a header block in one piece of news. */
#define SP_NEWS_BYTES (SP_HEAD_BYTES - 256)

static __always_inline void begin_telling(struct scratch *s)
{
	s->news.event.count = 0;
	s->telling.filled = 0;
}

/* Tells the agent what was put together. Of a connection that ends there is no config. */
__noinline int sp_tell(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream_event *event;
	__u32 size;

	if (!c || !s || !s->news.event.count)
		return 0;
	event = &s->news.event;
	event->header.type = SP_EVENT_STREAM;
	event->header.version = SP_STREAM_VERSION;
	event->header.ktime_ns = s->now;
	event->connection = c->endpoints.id;
	event->answers = s->direction != request_direction(c);
	event->role = c->endpoints.role;
	if (config) {
		event->cgroup_id = s->cgroup_id;
		event->generation = config->generation;
		event->threshold = config->threshold;
		event->slower_than_ns = config->slower_than_ns;
		event->config_flags = config->flags;
		event->protocols = config->protocols;
		event->policy = config->policy;
		event->max_spans = config->max_spans_per_second;
		event->error_from = event->role == SP_ROLE_CLIENT ? config->client_error_from : config->server_error_from;
	}
	event->pid = s->thread >> 32;
	event->tid = s->thread;
	event->netns = c->endpoints.netns;
	__builtin_memcpy(event->local_address, c->endpoints.local_address, 16);
	__builtin_memcpy(event->remote_address, c->endpoints.remote_address, 16);
	event->local_port = c->endpoints.local_port;
	event->remote_port = c->endpoints.remote_port;
	event->comm[0] = 0;
	if (config && c->streams.serial[s->direction & 1] < SP_NAMED + event->count)
		bpf_get_current_comm(event->comm, sizeof(event->comm));
	size = sizeof(*event) + s->telling.filled;
	event->header.size = size;
	SP_CHECKED(size);
	if (size > sizeof(s->news))
		return 0;
	SP_CHECKED(size);
	if (bpf_ringbuf_output(&sp_ring, &s->news, size, wakeup_flags(size)))
		count_many(SP_LOST_RING_FULL, event->count);
	event->count = 0;
	s->telling.filled = 0;
	return 0;
}

static __always_inline struct stream_news *last_news(struct scratch *s)
{
	return (struct stream_news *)&s->news.news[s->telling.last & (SP_HEAD_BYTES - 8)];
}

/* One more to be told of this stream, with what is pending of it. */
__noinline int sp_news_of(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 kind, __u32 stream)
{
	struct stream_news *news;
	struct pending *p;
	int mine;

	if (!c || !s)
		return 0;
	if (s->telling.filled > SP_HEAD_BYTES - 8)
		sp_tell(c, s, config);
	p = &c->streams.pending[(stream >> 1) % SP_PENDING];
	mine = stream && p->stream == stream;
	s->telling.last = s->telling.filled;
	s->telling.filled += sizeof(*news);
	s->news.event.count++;
	c->streams.told = 1;
	news = last_news(s);
	news->since_ns = s->since;
	news->data_bytes[0] = mine ? p->bytes[0] : 0;
	news->data_bytes[1] = mine ? p->bytes[1] : 0;
	news->ended_ns = mine ? p->ended_ns : 0;
	news->serial = c->streams.serial[s->direction & 1]++;
	news->inserted = c->streams.inserted[s->direction & 1];
	news->uncounted = c->streams.uncounted[s->direction & 1];
	news->stream = stream;
	news->code = 0;
	news->remaining = 0;
	news->length = 0;
	news->kind = kind;
	news->frame_type = 0;
	news->frame_flags = 0;
	news->first = 0;
	news->passed_over = 0;
	news->answered = 0;
	if (mine)
		p->stream = 0;
	return 0;
}

/* The last of the news has these bytes of the block. */
static __always_inline void news_bytes(struct scratch *s, __u32 from, __u32 length)
{
	__u32 at = s->telling.filled;

	if (!length)
		return;
	SP_CHECKED(at);
	SP_CHECKED(from);
	SP_CHECKED(length);
	if (at > SP_HEAD_BYTES + sizeof(struct stream_news) - 8 || from > SP_BLOCK_END || length > SP_NEWS_BYTES)
		return;
	SP_CHECKED(at);
	SP_CHECKED(from);
	SP_CHECKED(length);
	bpf_probe_read_kernel(&s->news.news[at & (2 * SP_HEAD_BYTES - 1)], length & (SP_HEAD_BYTES - 1), &s->block[from]);
	last_news(s)->length = length;
	s->telling.filled = at + ((length + 7) & ~7U);
}

/* Whether the last of the news is of a header block of this stream, all of it: what follows of its data is told with it. */
static __always_inline struct stream_news *news_of_head(struct scratch *s, __u32 stream)
{
	struct stream_news *news = last_news(s);

	return s->news.event.count && news->stream == stream && news->kind == SP_NEWS_HEADERS && !news->remaining && !news->answered ? news : 0;
}
