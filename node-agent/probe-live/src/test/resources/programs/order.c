#include <stdint.h>
#include <stdio.h>

struct inner {
    short a;
    unsigned char b[3];
};
enum colour { RED = 1, GREEN };
typedef struct order {
    int64_t id;
    const char *customer;
    struct inner in;
    struct {
        int x;
        int y;
    };
    unsigned flag : 3;
    unsigned rest : 29;
    double price;
    struct order *next;
    enum colour colour;
} order_t;
struct large {
    long a[5];
};
struct small {
    int a, b;
};

__attribute__((noinline)) void take(const order_t *o, double f, unsigned short n, enum colour c, char const *why) {
    printf("%ld %s %d %d %d %d %d %ld %d %d %s\n", (long) o->id, o->customer, o->in.a, o->in.b[2], o->y, o->flag, o->rest, (long) o->next->id, n, c,
           why);
    fflush(stdout);
}

__attribute__((noinline)) struct large returned(int a, long b) {
    struct large r = {{a, b}};
    __asm__ volatile("" ::: "memory");
    return r;
}

__attribute__((noinline)) int handed(int first, struct small s, int after) {
    __asm__ volatile("" ::: "memory");
    return first + s.a + after;
}

/* Written before they are looked at: a probe cannot read what is not in memory yet. */
static volatile char customer[8], why[8];

static const char *written(volatile char *to, const char *text) {
    for (int i = 0; text[i]; i++) to[i] = text[i];
    return (const char *) to;
}

int main(int argc, char **argv) {
    order_t o = {.id = -7, .customer = written(customer, "anna"), .in = {-3, {1, 2, 250}}, .x = 4, .y = 5, .flag = 5, .rest = 9, .price = 2.5, .next = &o, .colour = GREEN};
    struct large large = {{0}};
    struct small small = {1, 2};
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        take(&o, 1.5, i + 65000, GREEN, written(why, "because"));
        large = returned(i, 2);
        sum += handed(i, small, 3);
    }
    return large.a[0] + sum < argc;
}
