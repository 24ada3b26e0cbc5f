# <stub m09_data>
