# <stub m07_gradients>
