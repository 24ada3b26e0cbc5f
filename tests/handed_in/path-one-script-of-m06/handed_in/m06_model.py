# <m06_model>
# <m07_gradients>
# <m08_manual_training>
# <m09_data>
# <m10_linear_module>
# <m11_fit>
# <m12_line>
