# <m11_fit>
