# <stub m10_linear_module>
