# <stub m11_fit>
