# <m07_gradients>
