/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* OpenSearch says nowhere in an answer's head what it is: it is known by its paths, where a policy names it. Likewise Elasticsearch before 7.14, which did not either. */
#pragma once

#include "over_http.h"

/* So far into a request's line the part of a path is looked for that begins with an underscore. */
#define SP_SEARCH_PATH 160

struct search_word {
	char letters[8];
	__u64 length;
};

/* First letters, behind the underscore, of what a part of a path of the API is. What is not here is HTTP, as /_next/ or /_ah/ are. */
#define SP_IS(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}
static const struct search_word search_words[] = {
	SP_IS("search"),   SP_IS("msearch"),  SP_IS("doc/"),  SP_IS("doc?"),	 SP_IS("create/"),  SP_IS("update/"),  SP_IS("update_b"),
	SP_IS("bulk"),	   SP_IS("mget"),     SP_IS("count"), SP_IS("delete_b"), SP_IS("reindex"),  SP_IS("refresh"),  SP_IS("flush"),
	SP_IS("mapping"),  SP_IS("settings"), SP_IS("alias"), SP_IS("index_te"), SP_IS("componen"), SP_IS("ingest/"),  SP_IS("snapshot"),
	SP_IS("cluster/"), SP_IS("cat/"),     SP_IS("nodes"), SP_IS("analyze"),	 SP_IS("termvect"), SP_IS("field_ca"), SP_IS("forceme"),
	SP_IS("source/"),  SP_IS("all/_"),    SP_IS("doc "),
};
#undef SP_IS

static __always_inline int is_search_word(__u64 word)
{
	volatile __u64 found = 0;

	for (__u32 i = 0; i < sizeof(search_words) / sizeof(search_words[0]); i++)
		found |= is_zero(first_bytes(word, search_words[i].length) ^ load_word(search_words[i].letters));
	return found != 0;
}

/* The target is in the block: it has a part that no other API is likely to have. Its kind is written to the exchange. */
__noinline int sp_search_target(struct exchange *x, const struct scratch *s, const struct trace_config *config, __u64 end)
{
	volatile __u32 at = 0; /* which the verifier does not know: it would look at each place for itself */

	if (!x || !s || !config || !is_named(config, 1U << SP_PROTOCOL_ELASTICSEARCH | 1U << SP_PROTOCOL_OPENSEARCH))
		return 0;
	for (__u32 i = 1; i < SP_SEARCH_PATH; i++) {
		if (i >= end || s->block[i] == '?')
			break;
		if (s->block[i] == '/' && s->block[i + 1] == '_') {
			at = i + 2;
			break;
		}
	}
	if (at && is_search_word(word_at(s, at)))
		x->kind = config->protocols & (1U << SP_PROTOCOL_OPENSEARCH) ? SP_PROTOCOL_OPENSEARCH : SP_PROTOCOL_ELASTICSEARCH;
	return 0;
}
