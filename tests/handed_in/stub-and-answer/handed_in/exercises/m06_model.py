# <stub m06_model>
