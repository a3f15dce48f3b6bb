#include <cstdio>

namespace shop {
struct Owned {
    int owner = 3;
};
struct Item {
    long price;
};
class Basket : public Owned {
    int number = 4;

  public:
    __attribute__((noipa)) bool add(const Item &item, short pieces) {
        std::printf("%d %d %ld %d\n", number, owner, item.price, pieces);
        std::fflush(stdout);
        return ++number > 5;
    }
};
}  // namespace shop

int main() {
    shop::Basket basket;
    shop::Item item{1L << 40};
    bool full = false;
    for (short i = -1; i < 2; i++) full |= basket.add(item, i);
    return !full;
}
